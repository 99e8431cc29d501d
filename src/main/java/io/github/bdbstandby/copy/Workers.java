package io.github.bdbstandby.copy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Works on several files at once, on threads that have ended when the work has. */
public final class Workers {
  private Workers() {}

  /** What is done to a file. */
  @FunctionalInterface
  public interface Work<T> {
    /** Called on any thread. */
    void on(T file) throws IOException;
  }

  /** How many wait for the device's rate: as many as there are processors, and two at least. */
  public static int busy() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  /** How many, where most of the time each waits for an answer. */
  public static int waiting() {
    return 4 * busy();
  }

  /**
   * Does the same to each, beginning in their order.
   *
   * @param most threads at the same time
   * @throws IOException the first failure; others may have been done or not
   * @throws InterruptedIOException if this thread is interrupted
   */
  public static <T> void forEach(List<T> files, int most, Work<? super T> work) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.min(files.size(), most), Workers::worker);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (T file : files) {
        running.add(
            pool.submit(
                () -> {
                  work.on(file);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while working on files");
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "bdb-standby-copy");
    thread.setDaemon(true);
    return thread;
  }

  private static IOException rethrow(Throwable cause) {
    if (cause instanceof IOException io) {
      return io;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IOException(cause);
  }

  /** No thread of ours may still write when the caller cleans up. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = false;
    while (true) {
      try {
        if (pool.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
