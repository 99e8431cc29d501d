package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a standby is and how far it has come.
 *
 * @param standby its directory
 * @param state {@code standby} or {@code promoted}
 * @param source the active environment's home
 * @param procedure the guide's short ({@code copy}) or long ({@code archive}) one
 * @param archive where the long one puts log files; empty for the short one
 * @param layout {@code mirror} or {@code flat}
 * @param copyMethod how the last snapshot read the databases
 * @param epoch 1 in a history that was never failed over, one more for each failover
 * @param recoveredTo where the source's history ends in the standby
 * @param shippedTo up to where log is durable beside the standby, at least {@code recoveredTo}; the
 *     last record may be there in part
 * @param firstNeeded the lowest log file that the next recovery needs
 * @param sourceEnd where the source's log files end; the last may end in a part of a record
 * @param behindBytes log bytes that the source's files have beyond what was recovered; empty if
 *     they can't be read
 * @param unshippedBytes the same beyond what was shipped
 * @param behindSeconds age of the oldest commit that the standby has not applied, by the source's
 *     files or, if these are gone, by what was shipped; 0 if there is none. libdb notes commits in
 *     whole seconds. Empty if it can't be told: of an encrypted log only that nothing is new
 * @param snapshotAt when the last snapshot was whole, ISO 8601
 * @param syncedAt when the last good cycle ended, ISO 8601
 * @param switching whether a snapshot was cut off while it took its place
 * @param running whether a run is working on it now
 * @param problem why it could not be brought forward now, if that shows
 * @param lastError the last cycle that failed
 * @param lastDrill the last trial
 * @param replaced standbys kept below this one, the oldest first: a snapshot took their place
 *     though the source did not continue them
 * @param unarchived log that left the standby and is in no archive yet
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
    Lsn shippedTo,
    long firstNeeded,
    Optional<Lsn> sourceEnd,
    Optional<Long> behindBytes,
    Optional<Long> unshippedBytes,
    Optional<Long> behindSeconds,
    String snapshotAt,
    String syncedAt,
    boolean switching,
    boolean running,
    Optional<String> problem,
    Optional<Failure> lastError,
    Optional<Drill> lastDrill,
    List<Path> replaced,
    Optional<Unarchived> unarchived) {

  /** Copies the list. */
  public StandbyStatus {
    replaced = List.copyOf(replaced);
  }

  /**
   * A cycle that failed.
   *
   * @param reason its code
   * @param message what went wrong
   * @param at when, ISO 8601
   * @param overcome whether a good cycle came after it
   */
  public record Failure(String reason, String message, String at, boolean overcome) {}

  /**
   * Log files that the archive has not taken.
   *
   * @param directory where they are kept
   * @param files how many
   * @param bytes their sum
   */
  public record Unarchived(Path directory, int files, long bytes) {}

  /**
   * A trial on a clone.
   *
   * @param at when, ISO 8601
   * @param outcome {@code ok} or {@code damaged}
   * @param databases opened and read to their end
   * @param records counted in them
   * @param seconds it took
   * @param recoveredTo how far the standby was then
   */
  public record Drill(
      String at, String outcome, long databases, long records, double seconds, Lsn recoveredTo) {}
}
