package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a standby is and how far it has come.
 *
 * @param state {@code standby} or {@code promoted}
 * @param source the active environment's home
 * @param behindBytes log bytes that the source's files have beyond it; empty if they can't be read
 * @param sourceEnd where the source's log files end; the last may end in a part of a record
 * @param switching whether a snapshot was cut off while it took its place
 * @param running whether a run is working on it now
 * @param problem why it could not be brought forward now, if that shows
 */
public record StandbyStatus(
    Path standby,
    String state,
    Path source,
    String procedure,
    Optional<Path> archive,
    String layout,
    String copyMethod,
    long epoch,
    Lsn recoveredTo,
    long firstNeeded,
    Optional<Lsn> sourceEnd,
    Optional<Long> behindBytes,
    String snapshotAt,
    String syncedAt,
    boolean switching,
    boolean running,
    Optional<String> problem) {}
