package io.github.bdbstandby.libdb;

import java.util.Optional;
import java.util.function.LongFunction;

/** Whose {@code DB_ENV} a handle is: it decides when a call may have it, and who closes it. */
interface HandleOwner {

  /**
   * Makes a call, during which the {@code DB_ENV} is not closed.
   *
   * @throws ClosedEnvironmentException if its owner has closed it
   */
  <T> T lend(LongFunction<T> call);

  /** Closes it, if it is ours. */
  void close();

  /** What tells it from any other environment's handle of any process; empty if it is ours. */
  Optional<String> identity();

  /** A {@code DB_ENV} that we have made. */
  record Own(long pointer) implements HandleOwner {
    @Override
    public <T> T lend(LongFunction<T> call) {
      return call.apply(pointer);
    }

    @Override
    public void close() {
      Shim.close(pointer);
    }

    @Override
    public Optional<String> identity() {
      return Optional.empty();
    }
  }

  /** A {@code DB_ENV} of somebody who promises not to close it before us. */
  record Borrowed(long pointer, Optional<String> identity) implements HandleOwner {
    @Override
    public <T> T lend(LongFunction<T> call) {
      return call.apply(pointer);
    }

    @Override
    public void close() {}
  }
}
