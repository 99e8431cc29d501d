package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call into shared regions, on a thread of its own. It is silent once that thread has read and
 * written nothing for a while: who waits for a lock does neither, who reads a long log or flushes a
 * cache does.
 *
 * <p>The JVM does not end under a call that is not silent: it may have a lock of the regions, such
 * as the one of checkpoints, which would be locked for good.
 */
final class RegionCall<T> {
  private static final Logger LOG = LoggerFactory.getLogger(RegionCall.class);
  private static final Path THIS_THREAD = Path.of("/proc/thread-self");
  private static final long SLICES = 8;
  private static final Set<RegionCall<?>> OUTSTANDING = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(RegionCall::awaitOutstanding, "bdb-standby-regions-end"));
    } catch (IllegalStateException e) {
      LOG.debug("the first call while the JVM ends", e);
    }
  }

  private final FutureTask<T> task;
  private final Duration limit;
  private final List<Runnable> afterwards = new ArrayList<>();
  private boolean ended;
  private volatile Path counters;
  private String counted = "";
  private long changed = System.nanoTime();

  private RegionCall(Supplier<T> work, Duration limit) {
    this.task = new FutureTask<>(work::get);
    this.limit = limit;
  }

  /**
   * Begins one.
   *
   * @param limit how long it may be silent
   */
  static <T> RegionCall<T> begin(Supplier<T> work, Duration limit) {
    RegionCall<T> call = new RegionCall<>(work, limit);
    Thread thread = new Thread(call::run, "bdb-standby-regions");
    thread.setDaemon(true);
    OUTSTANDING.add(call);
    thread.start();
    return call;
  }

  private void run() {
    try {
      counters = Path.of("/proc").resolve(Files.readSymbolicLink(THIS_THREAD)).resolve("io");
    } catch (IOException e) {
      LOG.debug("what a call reads and writes is not known", e);
    }
    try {
      task.run();
      end().forEach(Runnable::run);
    } finally {
      OUTSTANDING.remove(this);
    }
  }

  private synchronized List<Runnable> end() {
    ended = true;
    return List.copyOf(afterwards);
  }

  /** Does more in the regions when this call has come back, if ever; nobody waits for it. */
  void afterwards(Runnable work) {
    synchronized (this) {
      if (!ended) {
        afterwards.add(work);
        return;
      }
    }
    begin(
        () -> {
          work.run();
          return null;
        },
        limit);
  }

  /** The same for an answer that nobody takes any more, and that keeps something open. */
  void closeAnswer() {
    afterwards(
        () -> {
          try {
            if (task.get() instanceof AutoCloseable open) {
              open.close();
            }
          } catch (Exception e) {
            LOG.debug("what came too late", e);
          }
        });
  }

  /**
   * Waits for the answer.
   *
   * @throws TimeoutException if it has become silent
   */
  T await() throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      try {
        return task.get(limit.toNanos() / SLICES, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (isSilent()) {
          throw e;
        }
      }
    }
  }

  /** The same; an interrupt of who waits is kept for later. */
  T awaitThroughout() throws ExecutionException, TimeoutException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  Future<T> answer() {
    return task;
  }

  Duration limit() {
    return limit;
  }

  private synchronized boolean isSilent() {
    String now = readCounters();
    if (!now.equals(counted)) {
      counted = now;
      changed = System.nanoTime();
    }
    return System.nanoTime() - changed >= limit.toNanos();
  }

  private String readCounters() {
    Path from = counters;
    try {
      return from == null ? "" : Files.readString(from);
    } catch (IOException e) {
      return ""; // not ours to see, or the thread has ended
    }
  }

  private static void awaitOutstanding() {
    boolean told = false;
    while (OUTSTANDING.stream().anyMatch(call -> !call.isSilent())) {
      if (!told) {
        LOG.info("waiting for a call into the source's shared regions");
        told = true;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
