package io.github.bdbstandby.bench.arena;

import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** Environments' directories as files. */
public final class Homes {
  private Homes() {}

  /**
   * Copies a home without its regions. Log files but the last are links: nobody changes them, and
   * to remove one here does not remove it there.
   */
  public static Path copy(Path from, Path to) throws IOException {
    delete(to);
    Files.createDirectories(to);
    long last = LogFile.in(from).stream().mapToLong(LogFile::number).max().orElse(0);
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      long log = LogFile.numberOf(file.getFileName().toString()).orElse(last);
      if (log != last) {
        Files.createLink(target, file);
      } else {
        Files.copy(file, target, LinkOption.NOFOLLOW_LINKS);
      }
    }
    return to;
  }

  /** Every file but the regions, sorted. */
  public static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("__db."))
          .sorted()
          .toList();
    }
  }

  /** The databases, sorted. */
  public static List<Path> databases(Path home) throws IOException {
    return files(home).stream()
        .filter(file -> file.getFileName().toString().endsWith(".db"))
        .toList();
  }

  /** Removes the oldest log files until no more than so many are left. */
  public static void keepLogs(Path home, int kept) throws IOException {
    List<LogFile> logs = LogFile.in(home);
    for (LogFile log : logs.subList(0, Math.max(0, logs.size() - kept))) {
      Files.delete(log.path());
    }
  }

  /** Removes all log files. */
  public static void removeLogs(Path home) throws IOException {
    for (LogFile log : LogFile.in(home)) {
      Files.delete(log.path());
    }
  }

  public static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  public static void delete(Path directory) throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
  }
}
