package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import java.util.Optional;

/**
 * How far a standby is behind its source.
 *
 * @param shippedTo up to where log is durable beside the standby, at least what it has recovered
 * @param sourceEnd where the source's log files end; empty if they can't be read
 * @param behindBytes log bytes that the source has beyond what was recovered
 * @param unshippedBytes log bytes that the source has beyond what was shipped
 * @param behindSeconds age of the oldest commit that was not recovered, in whole seconds; 0 if
 *     there is none; empty if that can't be told
 */
record Lag(
    Lsn shippedTo,
    Optional<Lsn> sourceEnd,
    Optional<Long> behindBytes,
    Optional<Long> unshippedBytes,
    Optional<Long> behindSeconds) {}
