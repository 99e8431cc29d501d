package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Alongside;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Asks whoever works on a standby to let go of it. A file is the request: whoever holds the lock
 * looks for it, and ends as if interrupted.
 */
final class TakeOver {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 10;

  private TakeOver() {}

  /** Where the request lies. */
  static Path request(StandbyDirectory standby) {
    return standby.marks().resolve("take-over");
  }

  /**
   * Takes the lock, from another run if need be.
   *
   * @throws RefusedException {@code locked} if that run does not let go in time
   */
  static Taken lock(StandbyDirectory standby) throws IOException {
    return lock(standby, LIMIT);
  }

  /**
   * Takes the lock for a failover that asks nobody to let go.
   *
   * @throws RefusedException {@code locked} if another run has it; the hint says how to ask
   */
  static StandbyLock unasked(StandbyDirectory standby) throws IOException {
    try {
      return StandbyLock.takeForGood(standby);
    } catch (RefusedException e) {
      throw offered(e);
    }
  }

  /** The same for who takes nothing. */
  static void refuseHeld(StandbyDirectory standby) throws IOException {
    try {
      StandbyLock.refuseHeld(standby);
    } catch (RefusedException e) {
      throw offered(e);
    }
  }

  private static RefusedException offered(RefusedException e) {
    return new RefusedException(
        e.reason(), e.getMessage(), e.hint() + "; 'failover --take-over' does that", e);
  }

  static Taken lock(StandbyDirectory standby, Duration limit) throws IOException {
    try {
      return await(standby, limit);
    } catch (IOException | RuntimeException e) {
      // Who has not let go yet need not; another who waits asks again.
      Cleanup.after(e, () -> Files.deleteIfExists(request(standby)));
      throw e;
    }
  }

  private static Taken await(StandbyDirectory standby, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    boolean hasAsked = false;
    while (true) {
      try {
        StandbyLock lock = StandbyLock.takeForGood(standby);
        try {
          Files.deleteIfExists(request(standby));
        } catch (IOException | RuntimeException e) {
          lock.close();
          throw e;
        }
        return new Taken(standby, lock, hasAsked);
      } catch (RefusedException e) {
        if (System.nanoTime() > end) {
          throw kept(standby, e, limit);
        }
      }
      ask(standby);
      hasAsked = true;
      pause();
    }
  }

  /** Another who waits may have asked, and does in this moment. */
  static void ask(StandbyDirectory standby) throws IOException {
    try {
      Files.createFile(request(standby));
    } catch (FileAlreadyExistsException e) {
      // that is as good
    }
  }

  private static RefusedException kept(
      StandbyDirectory standby, RefusedException locked, Duration limit) throws IOException {
    return new RefusedException(
        Reason.LOCKED,
        locked.getMessage() + ", and has not let go of it for " + limit.toSeconds() + " s",
        OpenFiles.othersBelow(standby.marks())
                .map(
                    user ->
                        "process "
                            + user.pid()
                            + " may be killed (kill -9 "
                            + user.pid()
                            + "; a service of systemd's: systemctl mask it first, else it is started"
                            + " again): the standby recovers from that; then run the failover again")
                .orElse("stop that run, and run the failover again")
            + "; it may end for this later all the same: see that the standby is followed then",
        locked);
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another run to let go");
    }
  }

  /**
   * The lock of a standby.
   *
   * @param fromAnother whether another run has ended for it
   */
  record Taken(StandbyDirectory standby, StandbyLock lock, boolean fromAnother)
      implements AutoCloseable {

    /** Does what the lock was taken for: if that is refused, nobody works on the standby. */
    <T> T telling(Guarded<T> work) throws IOException {
      if (!fromAnother) {
        return work.run();
      }
      try {
        return Guarded.call(work);
      } catch (StandbyException e) {
        throw told(e);
      }
    }

    private StandbyException told(StandbyException e) {
      String message = e.getMessage() + "; the run that worked on the standby has ended for this";
      String hint =
          e.hint()
              + "; until then start it again: bdb-standby follow --standby "
              + FileNames.shown(standby.home());
      if (e instanceof RefusedException) {
        return new RefusedException(e.reason(), message, hint, e);
      }
      return e instanceof SnapshotNeededException
          ? new SnapshotNeededException(e.reason(), message, hint, e)
          : new CycleFailedException(e.reason(), message, hint, e);
    }

    @Override
    public void close() {
      lock.close();
    }
  }

  /** Looks for requests, on a thread of its own, and interrupts the thread that made it. */
  static final class Watch implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 50;

    private final Path request;
    private final Thread worker;
    private final Thread thread;
    private volatile boolean asked;

    Watch(StandbyDirectory standby) throws IOException {
      this.request = request(standby);
      this.worker = Thread.currentThread();
      // Left by one who died waiting; one who is alive asks again.
      Files.deleteIfExists(request);
      this.thread = new Thread(this::look, "bdb-standby-take-over");
      thread.setDaemon(true);
      thread.start();
    }

    private void look() {
      try {
        while (!Files.exists(request)) {
          TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
        }
        asked = true;
        worker.interrupt();
      } catch (InterruptedException e) {
        // closed
      }
    }

    boolean isAsked() {
      return asked;
    }

    /**
     * From here on it interrupts nobody. An interrupt of the caller is kept for later, but not its
     * own: what the caller does next is not asked to end.
     */
    @Override
    public void close() {
      thread.interrupt();
      Alongside.awaitEnd(thread);
      if (asked) {
        Thread.interrupted();
      }
    }
  }
}
