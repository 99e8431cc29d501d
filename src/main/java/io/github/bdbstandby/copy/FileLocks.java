package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Locks on whole files, of the operating system's kind that belongs to an open file ({@code
 * F_OFD_SETLK}): one that a process dies with ends with it. Java's own belong to the process and
 * end when it closes any descriptor of the file, such as one with which it has read it.
 */
public final class FileLocks {
  private FileLocks() {}

  /** A lock that is held. */
  public static final class Held implements AutoCloseable {
    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Held(int descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        Posix.closeFile(descriptor);
      }
    }
  }

  /**
   * Takes the lock of a file, which is made if it is not there.
   *
   * @return empty if another open file holds one, in this process or another
   */
  public static Optional<Held> take(Path file) throws IOException {
    while (true) {
      Optional<Integer> descriptor = Posix.lockedFile(file);
      if (descriptor.isEmpty() || isStillThere(file, descriptor.get())) {
        return descriptor.map(Held::new);
      }
      Posix.closeFile(descriptor.get()); // whoever held it has removed it: nobody else finds that
    }
  }

  private static boolean isStillThere(Path file, int descriptor) throws IOException {
    Path open = Path.of("/proc/self/fd/" + descriptor);
    try {
      return !Files.exists(open) || Files.isSameFile(file, open);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether anybody holds a lock of a file; takes none, which would refuse who wants it then. */
  public static boolean isHeld(Path file) throws IOException {
    return Posix.isLocked(file);
  }
}
