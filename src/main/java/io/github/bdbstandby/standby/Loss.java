package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a source that can still be read has and its standby has not: or may have, given up by a
 * failover that goes on all the same ({@link FailoverOptions#acceptLoss}).
 *
 * @param reason why it can't be had: {@code log-gap}, {@code history-diverged}, {@code
 *     unresolved-database}, {@code bulk-load}, or {@code no-access} where it can't be read
 * @param message the same in a sentence
 * @param from where the history ends that the standby has, or has as a whole
 * @param to where the source's log ends; empty if its history is another one
 * @param logFiles of the source that hold it; 0 if its log was applied and yet does not tell all
 * @param bytes of log in them
 * @param since when the first of the transactions given up was committed, in whole seconds; empty
 *     if that can't be told
 */
public record Loss(
    Reason reason,
    String message,
    Lsn from,
    Optional<Lsn> to,
    long logFiles,
    long bytes,
    Optional<Instant> since) {

  /** Refuses what is null. */
  public Loss {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(since, "since");
  }

  /** A sentence for people. */
  @Override
  public String toString() {
    if (logFiles == 0) {
      return message;
    }
    return message
        + "; what the source has from "
        + from
        + " on is not in the standby: "
        + logFiles
        + (logFiles == 1 ? " log file, " : " log files, ")
        + bytes
        + " bytes"
        + since.map(time -> ", committed since " + time).orElse("");
  }
}
