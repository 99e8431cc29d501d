package io.github.bdbstandby.copy;

import java.io.IOException;
import java.util.Optional;

/** Two works at a time: one waits for the device, while the other computes. */
public final class Alongside {
  private Alongside() {}

  /** What may fail as files do. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does both; neither goes on when this returns, whatever happens to the other. An interrupt is
   * for the one on this thread.
   *
   * @param other on a thread of its own
   * @param here on this thread
   * @throws IOException if either fails; if both do, that of the other, which the one here may have
   *     failed by
   */
  public static void run(Work other, Work here) throws IOException {
    Failure failure = new Failure();
    Thread thread = new Thread(() -> failure.of(other), "bdb-standby-alongside");
    thread.setDaemon(true);
    thread.start();
    Failure ours = new Failure();
    ours.of(here);
    awaitEnd(thread);
    failure.rethrow(ours.why);
    ours.rethrow(Optional.empty());
  }

  /** Waits until a thread has ended; an interrupt of who waits is kept for later. */
  public static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why one of them has ended early; read when its thread has ended. */
  private static final class Failure {
    private Optional<Throwable> why = Optional.empty();

    @SuppressWarnings("CatchingUnchecked") // whatever it is, it is thrown by whoever waits
    void of(Work work) {
      try {
        work.run();
      } catch (IOException | RuntimeException | Error e) {
        why = Optional.of(e);
      }
    }

    void rethrow(Optional<Throwable> suppressed) throws IOException {
      if (why.isEmpty()) {
        return;
      }
      suppressed.filter(each -> each != why.get()).ifPresent(why.get()::addSuppressed);
      if (why.get() instanceof IOException io) {
        throw io;
      }
      if (why.get() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) why.get();
    }
  }
}
