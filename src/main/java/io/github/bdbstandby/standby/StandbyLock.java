package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/**
 * At most one run at a time works on a standby. The lock is the operating system's: a process that
 * dies, however it dies, holds it no more.
 */
final class StandbyLock implements AutoCloseable {
  private final FileChannel channel;

  private StandbyLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, making the file if need be.
   *
   * @throws RefusedException if another run holds it
   */
  static StandbyLock take(StandbyDirectory standby) throws IOException {
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
      throw new RefusedException(
          Reason.LOCKED,
          standby.lock() + ": another run is working on this standby",
          "wait until it has ended, or stop it");
    }
    return new StandbyLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
