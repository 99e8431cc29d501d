package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.FileLocks;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * At most one run at a time works on a standby. The lock is the operating system's: a process that
 * dies, however it dies, holds it no more.
 */
final class StandbyLock implements AutoCloseable {
  private final FileLocks.Held held;
  private final Optional<TakeOver.Watch> watch;

  private StandbyLock(FileLocks.Held held, Optional<TakeOver.Watch> watch) {
    this.held = held;
    this.watch = watch;
  }

  /**
   * Takes the lock, making the file if need be, and removes what killed runs have left. The calling
   * thread is interrupted when a failover asks for it.
   *
   * @throws RefusedException if another run holds it, of this process or another
   */
  static StandbyLock take(StandbyDirectory standby) throws IOException {
    FileLocks.Held held = held(standby);
    boolean good = false;
    try {
      new Leftovers(standby).clear();
      StandbyLock lock = new StandbyLock(held, Optional.of(new TakeOver.Watch(standby)));
      good = true;
      return lock;
    } finally {
      if (!good) {
        held.close();
      }
    }
  }

  /** Takes the lock for a run that gives it to nobody before it has ended. */
  static StandbyLock takeForGood(StandbyDirectory standby) throws IOException {
    return new StandbyLock(held(standby), Optional.empty());
  }

  private static FileLocks.Held held(StandbyDirectory standby) throws IOException {
    DurableFiles.createDirectories(standby.marks());
    Optional<FileLocks.Held> taken = FileLocks.take(standby.lock());
    if (taken.isEmpty()) {
      throw locked(standby);
    }
    return taken.get();
  }

  private static RefusedException locked(StandbyDirectory standby) throws IOException {
    String holder =
        OpenFiles.othersBelow(standby.marks())
            .map(user -> ": process " + user.pid())
            .orElse(": another run");
    return new RefusedException(
        Reason.LOCKED,
        FileNames.shown(standby.lock()) + holder + " is working on this standby",
        "wait until it has ended, or stop it");
  }

  /**
   * Refuses what {@link #take} would; takes nothing and makes nothing.
   *
   * @throws RefusedException if a run holds it
   */
  static void refuseHeld(StandbyDirectory standby) throws IOException {
    if (isHeld(standby)) {
      throw locked(standby);
    }
  }

  /** Whether a run works on a standby now; changes nothing. */
  static boolean isHeld(StandbyDirectory standby) throws IOException {
    try {
      return Files.isRegularFile(standby.lock()) && FileLocks.isHeld(standby.lock());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether a failover has asked this run to let go. */
  boolean isAskedFor() {
    return watch.map(TakeOver.Watch::isAsked).orElse(false);
  }

  @Override
  public void close() {
    watch.ifPresent(TakeOver.Watch::close);
    held.close();
  }
}
