package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.FileLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/**
 * At most one run at a time works on a standby. The lock is the operating system's: a process that
 * dies, however it dies, holds it no more.
 */
final class StandbyLock implements AutoCloseable {
  private final FileLocks.Held held;

  private StandbyLock(FileLocks.Held held) {
    this.held = held;
  }

  /**
   * Takes the lock, making the file if need be.
   *
   * @throws RefusedException if another run holds it, of this process or another
   */
  static StandbyLock take(StandbyDirectory standby) throws IOException {
    DurableFiles.createDirectories(standby.marks());
    return FileLocks.take(standby.lock())
        .map(StandbyLock::new)
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.LOCKED,
                    standby.lock() + ": another run is working on this standby",
                    "wait until it has ended, or stop it"));
  }

  /** Whether a run holds the lock; nothing is taken or made. */
  static boolean isHeld(StandbyDirectory standby) throws IOException {
    try {
      return Files.isRegularFile(standby.lock()) && FileLocks.isHeld(standby.lock());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() {
    held.close();
  }
}
