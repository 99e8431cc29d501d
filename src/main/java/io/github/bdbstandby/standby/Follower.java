package io.github.bdbstandby.standby;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A standby being followed in the background. Closing it ends the following, cleanly and within two
 * seconds but for a recovery in progress, and leaves nothing running.
 *
 * <p>Thread-safe.
 */
public final class Follower implements AutoCloseable {
  private final Standby standby;
  private final FollowMonitor monitor;
  private final CompletableFuture<Void> completion = new CompletableFuture<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Thread worker;
  private Thread starter;
  private boolean begun;
  private boolean closed;
  private Optional<ObjectName> bean = Optional.empty();

  Follower(Standby standby, FollowMonitor monitor) {
    this.standby = standby;
    this.monitor = monitor;
  }

  void start(FollowOptions options, StandbyListener listener, Executor executor) {
    synchronized (this) {
      starter = Thread.currentThread();
    }
    executor.execute(() -> work(options, listener));
    synchronized (this) {
      starter = null;
    }
  }

  private void work(FollowOptions options, StandbyListener listener) {
    synchronized (this) {
      if (starter == Thread.currentThread()) {
        throw new IllegalArgumentException(
            "the executor runs in its caller's own thread, which would follow and not return");
      }
      if (closed) {
        return;
      }
      begun = true;
      worker = Thread.currentThread();
    }
    Throwable failure = null;
    try {
      standby.follow(options, listener, monitor);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    synchronized (this) {
      worker = null; // from here on no interrupt of ours comes
    }
    Thread.interrupted(); // the executor's thread has other work to do
    ended.countDown();
    if (failure == null) {
      completion.complete(null);
    } else {
      completion.completeExceptionally(failure);
    }
  }

  /** What is followed. */
  public Standby standby() {
    return standby;
  }

  /** How it stands now; reads files, once a second at the most. */
  public FollowHealth health() {
    return monitor.health();
  }

  /** Whether it goes on. */
  public boolean isRunning() {
    return !completion.isDone();
  }

  /**
   * Ends when the following does: normally after {@link #close} or when a failover has taken over,
   * else with the {@link StandbyException} that ended it. Cancelling it has no effect on the
   * following.
   */
  public CompletableFuture<Void> completion() {
    return completion.copy();
  }

  /**
   * Waits for its end.
   *
   * @throws StandbyException that ended it
   * @throws IllegalStateException if called by its own listener
   */
  public void await() throws InterruptedException {
    synchronized (this) {
      if (worker == Thread.currentThread()) {
        throw new IllegalStateException("a follower can't be waited for by its own listener");
      }
    }
    ended.await();
    try {
      completion.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StandbyException known) {
        throw known;
      }
      throw e;
    }
  }

  /**
   * Shows {@link #health} in JMX, until closed.
   *
   * @return {@code io.github.bdbstandby:type=Follower,standby="DIRECTORY"}
   * @throws IllegalStateException if it is closed
   * @throws javax.management.InstanceAlreadyExistsException if this standby's follower is shown
   *     already
   */
  public synchronized ObjectName register() throws JMException {
    if (closed) {
      throw new IllegalStateException("the follower is closed");
    }
    ObjectName name =
        new ObjectName(
            "io.github.bdbstandby:type=Follower,standby="
                + ObjectName.quote(standby.directory().toString()));
    ManagementFactory.getPlatformMBeanServer().registerMBean(new FollowerBean(this), name);
    bean = Optional.of(name);
    return name;
  }

  /**
   * Ends it and waits for that; an interrupt of the caller is kept for later. Does nothing twice.
   *
   * @throws IllegalStateException if called by its own listener
   */
  @Override
  public void close() {
    synchronized (this) {
      if (worker == Thread.currentThread()) {
        throw new IllegalStateException("a follower can't be closed by its own listener");
      }
      closed = true;
      if (worker != null) {
        worker.interrupt();
      }
      if (!begun) { // the executor has had no time for it yet
        ended.countDown();
        completion.complete(null);
      }
    }
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    while (!completion.isDone()) { // it is next, and before whoever depends on it runs
      Thread.onSpinWait();
    }
    unregister();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void unregister() {
    if (bean.isPresent()) {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      try {
        server.unregisterMBean(bean.get());
      } catch (JMException e) {
        // somebody else has
      }
      bean = Optional.empty();
    }
  }
}
