package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code DB_ENV->log_archive} answered.
 *
 * @param names sorted by libdb, absolute, spelled as libdb spelled them ({@link FileNames} says how
 *     bytes become a string)
 */
public record LogListing(List<String> names) {

  /** Keeps a copy. */
  public LogListing {
    names = List.copyOf(names);
  }

  /** The names as paths, in the same order. */
  public List<Path> paths() {
    return names.stream().map(FileNames::toPath).toList();
  }

  /** Those of the names that are log files', ascending; none if this is a list of databases. */
  public List<LogFile> logFiles() {
    return names.stream()
        .filter(name -> numberIn(name).isPresent())
        .map(name -> new LogFile(numberIn(name).getAsLong(), FileNames.toPath(name)))
        .sorted()
        .toList();
  }

  /** The highest log file number listed; empty if no log file is. */
  public OptionalLong highest() {
    return names.stream().map(LogListing::numberIn).flatMapToLong(OptionalLong::stream).max();
  }

  /** Whether nothing is listed. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  private static OptionalLong numberIn(String name) {
    return LogFile.numberOf(name.substring(name.lastIndexOf('/') + 1));
  }
}
