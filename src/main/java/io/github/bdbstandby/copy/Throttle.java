package io.github.bdbstandby.copy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds several threads together to a rate: each waits until what all have moved has had its time.
 * An interrupt ends the wait and stays set.
 */
final class Throttle {
  private final double nanosPerByte;
  private long free = System.nanoTime();

  Throttle(long bytesPerSecond) {
    this.nanosPerByte = (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
  }

  void passed(long bytes) {
    long until = book(bytes);
    for (long left = until - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = until - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private synchronized long book(long bytes) {
    // Time that nobody used is not made up for.
    free = Math.max(free, System.nanoTime()) + (long) (bytes * nanosPerByte);
    return free;
  }
}
