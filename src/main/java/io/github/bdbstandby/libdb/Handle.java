package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * A {@code DB_ENV} that is open until it is closed, once: no call has it after that, and closing
 * waits for the calls that have it. Thread-safe.
 */
final class Handle {

  private final HandleOwner owner;
  private final Path home;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Calls hold the read side, closing takes the write side. */
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

  Handle(HandleOwner owner, Path home) {
    this.owner = owner;
    this.home = home;
  }

  Path home() {
    return home;
  }

  /** See {@link HandleOwner#identity()}. */
  Optional<String> identity() {
    return owner.identity();
  }

  boolean isClosed() {
    return closed.get();
  }

  /**
   * What makes handles of its own, of our libdb, is not for a foreign {@code DB_ENV}.
   *
   * @throws IllegalStateException if this is one
   */
  void refuseAttached() {
    if (owner.identity().isPresent()) {
      throw new IllegalStateException(
          "the environment " + FileNames.shown(home) + " is the application's");
    }
  }

  /**
   * Calls with the {@code DB_ENV}, which is not closed meanwhile.
   *
   * @throws ClosedEnvironmentException if it is closed already
   */
  <T> T call(LongFunction<T> action) {
    inUse.readLock().lock();
    try {
      if (closed.get()) {
        throw new ClosedEnvironmentException(home);
      }
      return owner.lend(action);
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** The same for what answers nothing. */
  void run(LongConsumer action) {
    call(
        env -> {
          action.accept(env);
          return true;
        });
  }

  /** See {@link DbEnvironment#close()}. */
  void close() {
    if (inUse.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "the environment " + FileNames.shown(home) + " cannot be closed by its own callback");
    }
    if (!closed.compareAndSet(false, true)) {
      awaitFirst();
      return;
    }
    inUse.writeLock().lock();
    try {
      owner.close();
    } catch (RunRecoveryException e) {
      // The call that met the panic has told it.
    } finally {
      inUse.writeLock().unlock();
      ended.countDown();
    }
  }

  /** Whoever has come back from closing may rely on it; an interrupt is kept for later. */
  private void awaitFirst() {
    boolean interrupted = false;
    while (!inUse.isWriteLockedByCurrentThread()) { // else we are called by what closes
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
