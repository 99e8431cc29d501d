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
 * @param recoveredTo where the source's history ends in the standby; empty if there is no manifest
 * @param behindBytes log bytes of the source that are not applied; empty if that can't be told
 * @param behindSeconds age in seconds of the oldest commit that is not applied, 0 if there is none;
 *     empty if that can't be told
 */
public record FollowHealth(
    Optional<String> reason,
    Optional<String> message,
    Optional<Instant> lastGoodCycle,
    boolean sourceAvailable,
    Optional<Lsn> recoveredTo,
    Optional<Long> behindBytes,
    Optional<Long> behindSeconds) {

  /** Whether there is no reason why not. */
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
