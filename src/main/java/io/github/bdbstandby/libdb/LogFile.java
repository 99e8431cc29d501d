package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A log file of an environment. Its name is {@code log.} and ten digits (libdb's {@code
 * __log_name}).
 *
 * @param number the file's number, from 1
 * @param path where it is
 */
public record LogFile(long number, Path path) implements Comparable<LogFile> {

  /** Refuses no path. */
  public LogFile {
    Objects.requireNonNull(path, "path");
  }

  private static final String PREFIX = "log.";
  private static final int DIGITS = 10;
  private static final long MAX = 0xFFFF_FFFFL;
  private static final Comparator<LogFile> ORDER =
      Comparator.comparingLong(LogFile::number).thenComparing(LogFile::path);

  /** The number in a log file's name; empty if it is not one. */
  public static OptionalLong numberOf(String fileName) {
    Objects.requireNonNull(fileName, "fileName");
    if (fileName.length() != PREFIX.length() + DIGITS || !fileName.startsWith(PREFIX)) {
      return OptionalLong.empty();
    }
    for (int i = PREFIX.length(); i < fileName.length(); i++) {
      if (fileName.charAt(i) < '0' || fileName.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    long number = Long.parseLong(fileName.substring(PREFIX.length()));
    return number == 0 || number > MAX ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** The name of the log file with this number. */
  public static String nameOf(long number) {
    if (number < 1 || number > MAX) {
      throw new IllegalArgumentException("not a log file's number: " + number);
    }
    return String.format(Locale.ROOT, "%s%0" + DIGITS + "d", PREFIX, number);
  }

  /**
   * The log files in a directory, ascending by number. Unlike {@code DB_ARCH_LOG}, this sees those
   * below a missing one too.
   *
   * <p>The system's listing of a directory is no snapshot: of files made meanwhile it may show a
   * later one and not an earlier one. Those are looked for, so that a live log has no hole that is
   * none.
   *
   * @throws IOException if the directory cannot be read
   */
  public static List<LogFile> in(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    List<LogFile> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path entry : entries) {
        numberOf(entry.getFileName().toString())
            .ifPresent(number -> files.add(new LogFile(number, entry)));
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(files);
    List<LogFile> unlisted = new ArrayList<>();
    for (int i = 1; i < files.size(); i++) {
      long below = files.get(i - 1).number();
      for (long number = files.get(i).number() - 1; number > below; number--) {
        Path path = directory.resolve(nameOf(number));
        if (!Files.exists(path)) {
          break; // a hole
        }
        unlisted.add(new LogFile(number, path));
      }
    }
    files.addAll(unlisted);
    Collections.sort(files);
    return List.copyOf(files);
  }

  /** How large it is; 0 if it has been removed since it was listed. */
  public long size() throws IOException {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  @Override
  public int compareTo(LogFile other) {
    Objects.requireNonNull(other, "other");
    return ORDER.compare(this, other);
  }
}
