package io.github.bdbstandby.procedure;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls into an environment's shared regions, each with a deadline: no interrupt reaches a thread
 * that waits for a lock of a dead process, so such a thread is given up.
 */
public final class RegionCalls {
  private final Path home;
  private final Duration limit;
  private volatile Future<?> stuck;

  /**
   * For one environment.
   *
   * @param limit how long a call may take
   */
  public RegionCalls(Path home, Duration limit) {
    this.home = home;
    this.limit = limit;
  }

  /**
   * Makes the call.
   *
   * @throws SourceStuckException if it does not come back in time, or an earlier one did not
   */
  public <T> T call(Supplier<T> work) {
    return call(work, limit);
  }

  /** The same with a deadline of its own, for what may rightly take long. */
  public <T> T call(Supplier<T> work, Duration ownLimit) {
    if (stuck != null) {
      throw new SourceStuckException(home, limit, stuck);
    }
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "bdb-standby-regions");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(ownLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stuck = task;
      throw new SourceStuckException(home, ownLimit, task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.UncheckedIOException(new ClosedByInterruptException());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Whether a call was given up. */
  public boolean isStuck() {
    return stuck != null;
  }
}
