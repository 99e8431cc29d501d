package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Has the device write a file while the rest of it is still being made; left alone, the kernel
 * waits for the fsync. A hint, which changes nothing but the time that the fsync takes.
 *
 * <p>Not thread-safe.
 */
public final class WriteBack implements AutoCloseable {
  private final int descriptor;

  private WriteBack(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Of a file that is there. */
  public static WriteBack of(Path file) throws IOException {
    return new WriteBack(Posix.forWriteBack(file));
  }

  /**
   * Begins to write a range that the kernel has, and does not wait for it.
   *
   * @param offset in bytes
   * @param length in bytes
   */
  public void begin(long offset, long length) {
    Posix.beginWriteBack(descriptor, offset, length);
  }

  @Override
  public void close() {
    Posix.closeFile(descriptor);
  }
}
