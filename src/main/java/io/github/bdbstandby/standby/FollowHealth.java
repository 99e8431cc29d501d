package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a standby that is followed keeps up.
 *
 * @param reason why not, in a word: {@code source-away}, {@code behind}, {@code starting}, {@code
 *     damaged}, or the reason code of what failed; empty if all is well
 * @param message the same in a sentence
 * @param lastGoodCycle when the last good cycle ended
 * @param sourceAvailable whether the source is joined
 */
public record FollowHealth(
    Optional<String> reason,
    Optional<String> message,
    Optional<Instant> lastGoodCycle,
    boolean sourceAvailable,
    Optional<Lsn> recoveredTo,
    Optional<Long> behindBytes,
    Optional<Long> behindSeconds) {

  public boolean isGood() {
    return reason.isEmpty();
  }

  /** A short line for people. */
  @Override
  public String toString() {
    return reason.map(word -> word + ": " + message.orElse("")).orElse("good")
        + recoveredTo.map(lsn -> ", recovered to " + lsn).orElse("")
        + behindBytes.map(bytes -> ", behind by " + bytes + " bytes").orElse("")
        + behindSeconds.map(seconds -> ", " + seconds + " s").orElse("");
  }
}
