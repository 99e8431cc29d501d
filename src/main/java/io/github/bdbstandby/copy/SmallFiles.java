package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Makes many small files of one directory durable at once. An fsync for each would commit the file
 * system's journal as often, and take several times as long as the copying; one {@code syncfs}
 * commits it once. It writes out what others have not yet written to that file system, too, so it
 * is for where there are many.
 *
 * <p>To be made before the first of the files is written: a failure to write one that the kernel
 * meets later is told to whoever had the file system open by then. Thread-safe but for {@link
 * #close}.
 */
public final class SmallFiles implements AutoCloseable {
  /** Fewer are soon made durable one by one. */
  private static final int MANY = 256;

  /** In bytes; the writing of more takes longer than the fsync. */
  public static final long LARGEST = 1 << 20;

  /** On these {@code syncfs} is known to write everything. */
  private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs", "btrfs");

  /** Before Linux 5.8 {@code syncfs} told of no failure. */
  private static final int MAJOR = 5;

  private static final int MINOR = 8;

  /** Where each file is durable before it is done. */
  public static final SmallFiles ONE_BY_ONE = new SmallFiles(Path.of(""), Optional.empty());

  private final Path directory;
  private final Optional<Integer> fileSystem;

  private SmallFiles(Path directory, Optional<Integer> fileSystem) {
    this.directory = directory;
    this.fileSystem = fileSystem;
  }

  /**
   * For one directory and what is below it, on one file system.
   *
   * @param count how many files there will be, about
   */
  public static SmallFiles in(Path directory, int count) throws IOException {
    boolean together =
        count >= MANY
            && tellsFailures(System.getProperty("os.version"))
            && FILE_SYSTEMS.contains(MountedFileSystem.of(directory).type());
    return new SmallFiles(
        directory, together ? Optional.of(Posix.openDirectory(directory)) : Optional.empty());
  }

  static boolean tellsFailures(String kernel) {
    String[] numbers = kernel.split("\\D+", 3);
    try {
      int major = Integer.parseInt(numbers[0]);
      return major > MAJOR || (major == MAJOR && Integer.parseInt(numbers[1]) >= MINOR);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false; // one by one is right everywhere
    }
  }

  /**
   * When a file's bytes are made durable.
   *
   * @param bytes its size
   */
  Durability of(long bytes) {
    return fileSystem.isPresent() && bytes <= LARGEST ? Durability.TOGETHER : Durability.AT_ONCE;
  }

  /** Makes durable what waits for it; returns when it is. */
  public void settle() throws IOException {
    if (fileSystem.isPresent()) {
      Posix.syncFileSystem(fileSystem.get(), FileNames.shown(directory));
    }
  }

  @Override
  public void close() {
    fileSystem.ifPresent(Posix::closeFile);
  }

  /** When a copy is made durable. */
  enum Durability {
    /** Before it is done. */
    AT_ONCE,
    /** With all others, by {@link SmallFiles#settle}. */
    TOGETHER
  }
}
