package io.github.bdbstandby.standby;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * When a follower asks an archive again that has failed: a second later at first, then more and
 * more seldom. For one thread.
 */
final class ArchiveRetries {
  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** About a minute apart. */
  private static final int MOST_DOUBLINGS = 6;

  private Optional<CycleFailedException> failing = Optional.empty();
  private int failures;
  private long next;

  /** How it has failed; empty if it has not, or works again. */
  Optional<CycleFailedException> failing() {
    return failing;
  }

  /** Whether it has failed, and is to be asked again. */
  boolean isDue() {
    return failing.isPresent() && System.nanoTime() - next >= 0;
  }

  /** Whether the next cycle may ask it. */
  boolean mayBeAsked() {
    return failing.isEmpty() || isDue();
  }

  /**
   * A cycle has ended that might ask it.
   *
   * @param failure empty if it worked, or if there was nothing to archive
   */
  void asked(Optional<CycleFailedException> failure) {
    failing = failure;
    if (failure.isEmpty()) {
      failures = 0;
    } else {
      next = System.nanoTime() + (FIRST_WAIT_NANOS << Math.min(failures, MOST_DOUBLINGS));
      failures++;
    }
  }
}
