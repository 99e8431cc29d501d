package io.github.bdbstandby.cli;

import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A follower at work on a thread of its own, until it is closed. */
final class Following implements AutoCloseable {
  private static final int LEAST_CYCLES = 3;
  private static final long LOOK_MILLIS = 20;

  private final Thread thread;
  private volatile StandbyException failure;

  Following(Standby standby, Consumer<CycleReport> cycles) {
    thread =
        new Thread(
            () -> {
              try {
                standby.follow(FollowOptions.defaults(), RunListener.NONE, cycles);
              } catch (StandbyException e) {
                failure = e;
              }
            },
            "bdb-standby-follow");
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets it work for so long, and for a few cycles at the least. */
  void awaitCycles(int seconds, AtomicInteger cycles) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int least = cycles.get() + LEAST_CYCLES;
    try {
      while ((System.nanoTime() < end || cycles.get() < least) && thread.isAlive()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the follower ended");
    }
  }
}
