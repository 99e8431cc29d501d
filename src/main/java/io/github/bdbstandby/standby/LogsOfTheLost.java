package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The log files of a source that may be lost. What is gone is told from what is there and can't be
 * read, for want of rights or because its disk fails.
 */
final class LogsOfTheLost {
  private static final int CHUNK = 1 << 20;
  private final Path directory;

  LogsOfTheLost(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /**
   * Those that have bytes, ascending; none if the directory is gone.
   *
   * @throws IOException if it is there and can't be listed
   */
  List<LogFile> list() throws IOException {
    try {
      // Files.isDirectory would take whatever goes wrong for a no.
      return Files.readAttributes(directory, "isDirectory").containsValue(true)
          ? LogFile.in(directory).stream().filter(LogsOfTheLost::hasBytes).toList()
          : List.of();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Those of them that can be seen. */
  List<LogFile> seen() {
    try {
      return list();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean hasBytes(LogFile log) {
    try {
      return log.size() > 0;
    } catch (IOException e) {
      return true; // reading it tells
    }
  }

  /** A log file that can't be read, and why. */
  record Unreadable(LogFile log, String why) {}

  /** The first of these that can't be opened. */
  static Optional<Unreadable> closed(List<LogFile> logs) throws IOException {
    return failing(logs, file -> RegularFile.open(file).close());
  }

  /** The first of these that can't be read to its end. */
  static Optional<Unreadable> broken(List<LogFile> logs) throws IOException {
    return failing(
        logs,
        file -> {
          ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
          try (FileChannel channel = RegularFile.open(file)) {
            while (channel.read(buffer.clear()) > 0) {}
          }
        });
  }

  @FunctionalInterface
  private interface Look {
    void at(Path file) throws IOException;
  }

  private static Optional<Unreadable> failing(List<LogFile> logs, Look look) throws IOException {
    for (LogFile log : logs) {
      try {
        look.at(log.path());
      } catch (NoSuchFileException e) {
        // gone since it was listed
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        return Optional.of(new Unreadable(log, describe(log.path(), e)));
      }
    }
    return Optional.empty();
  }

  /** Why a path can't be read, in the system's words. */
  static String describe(Path path, IOException why) {
    String words = why instanceof FileSystemException known ? known.getReason() : why.getMessage();
    return FileNames.shown(path)
        + ": can't be read: "
        + (why instanceof AccessDeniedException ? "permission denied" : words);
  }
}
