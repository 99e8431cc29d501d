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
}
