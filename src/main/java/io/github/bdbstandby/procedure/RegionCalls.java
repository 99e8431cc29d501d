package io.github.bdbstandby.procedure;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls into an environment's shared regions, each with a deadline: no interrupt reaches a thread
 * that waits for a lock of a dead process, so such a thread is given up. What it reads or writes
 * puts the deadline off.
 */
public final class RegionCalls {
  private final Path home;
  private final Duration limit;
  private volatile RegionCall<?> stuck;

  /** The call made last, if who made it was interrupted: it goes on, and later ones wait for it. */
  private volatile RegionCall<?> left;

  /**
   * For one environment.
   *
   * @param limit how long a call may neither answer, nor read or write anything
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
    return call(work, ownLimit, RegionCall::await);
  }

  /**
   * The same for what must be known to be done or not: an interrupt is kept for later.
   *
   * @throws SourceStuckException if it does not come back in time; it may do its work yet
   */
  public <T> T callThroughout(Supplier<T> work) {
    return call(work, limit, RegionCall::awaitThroughout);
  }

  @FunctionalInterface
  private interface Waiting<T> {
    T await(RegionCall<T> call) throws InterruptedException, ExecutionException, TimeoutException;
  }

  private <T> T call(Supplier<T> work, Duration ownLimit, Waiting<T> waiting) {
    if (stuck != null) {
      throw new SourceStuckException(home, limit, stuck.answer());
    }
    RegionCall<T> call = RegionCall.begin(work, longest(ownLimit));
    try {
      return waiting.await(call);
    } catch (TimeoutException e) {
      stuck = call;
      call.closeAnswer();
      throw new SourceStuckException(home, call.limit(), call.answer());
    } catch (InterruptedException e) {
      left = call;
      call.closeAnswer();
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

  private Duration longest(Duration ownLimit) {
    RegionCall<?> before = left;
    return before != null && !before.answer().isDone() && before.limit().compareTo(ownLimit) > 0
        ? before.limit()
        : ownLimit;
  }

  /** Whether a call was given up. */
  public boolean isStuck() {
    return stuck != null;
  }

  /**
   * Does the last thing in the regions: when the call that was given up has come back after all.
   *
   * @throws IllegalStateException if none was
   */
  void afterStuck(Runnable work) {
    RegionCall<?> given = stuck;
    if (given == null) {
      throw new IllegalStateException("no call was given up");
    }
    given.afterwards(work);
  }
}
