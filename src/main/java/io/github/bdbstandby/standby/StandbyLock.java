package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * At most one run at a time works on a standby. The lock is the operating system's: a process that
 * dies, however it dies, holds it no more.
 */
final class StandbyLock implements AutoCloseable {
  private final FileChannel channel;
  private final Optional<TakeOver.Watch> watch;

  private StandbyLock(FileChannel channel, Optional<TakeOver.Watch> watch) {
    this.channel = channel;
    this.watch = watch;
  }

  /**
   * Takes the lock, making the file if need be. The calling thread is interrupted when a failover
   * asks for it.
   *
   * @throws RefusedException if another run holds it
   */
  static StandbyLock take(StandbyDirectory standby) throws IOException {
    FileChannel channel = locked(standby);
    boolean good = false;
    try {
      StandbyLock lock = new StandbyLock(channel, Optional.of(new TakeOver.Watch(standby)));
      good = true;
      return lock;
    } finally {
      if (!good) {
        channel.close();
      }
    }
  }

  /** Takes the lock for a run that gives it to nobody before it has ended. */
  static StandbyLock takeForGood(StandbyDirectory standby) throws IOException {
    return new StandbyLock(locked(standby), Optional.empty());
  }

  private static FileChannel locked(StandbyDirectory standby) throws IOException {
    DurableFiles.createDirectories(standby.marks());
    FileChannel channel =
        FileChannel.open(standby.lock(), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // this process holds it
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      String holder =
          OpenFiles.below(standby.marks())
              .map(user -> ": process " + user.pid())
              .orElse(": another run");
      throw new RefusedException(
          Reason.LOCKED,
          standby.lock() + holder + " is working on this standby",
          "wait until it has ended, or stop it; 'failover --take-over' does that");
    }
    return channel;
  }

  /** Whether a failover has asked this run to let go. */
  boolean isAskedFor() {
    return watch.map(TakeOver.Watch::isAsked).orElse(false);
  }

  @Override
  public void close() throws IOException {
    watch.ifPresent(TakeOver.Watch::close);
    channel.close();
  }
}
