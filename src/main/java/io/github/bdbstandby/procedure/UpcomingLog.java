package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The log files of a source that were not opened yet, one after the other. Each is looked for by
 * its name; the directory, which may hold thousands of databases, is listed only where it has
 * changed, to tell a file that was removed from one that is not there yet. Not thread-safe.
 */
final class UpcomingLog {
  /** A change that comes so soon after another may have the same time. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Path directory;
  private final long before;
  private long next;

  /** When the directory had changed last, as it was listed, if that was long enough ago. */
  private Optional<Instant> listed = Optional.empty();

  /**
   * Looks for files from one number on.
   *
   * @param before the first file that is left out, with all that follow it
   */
  UpcomingLog(Path directory, long first, long before) {
    this.directory = directory;
    this.next = first;
    this.before = before;
  }

  /** The number of the file that comes next. */
  long number() {
    return next;
  }

  /**
   * Opens the next file; one with no bytes yet waits for the next time.
   *
   * @throws LogGapException if it was removed, and later ones are there
   */
  Optional<FileChannel> open() throws IOException {
    Path log = directory.resolve(LogFile.nameOf(next));
    Optional<FileChannel> found = next < before ? openIfThere(log) : Optional.empty();
    if (next < before && found.isEmpty() && isPassed()) {
      // What is listed was made after it: it may have been made meanwhile, too.
      found = openIfThere(log);
      if (found.isEmpty()) {
        throw new LogGapException(log, "needed, and removed before it could be read");
      }
    }
    if (found.isPresent() && found.get().size() == 0) {
      found.get().close();
      return Optional.empty();
    }
    found.ifPresent(channel -> next++);
    return found;
  }

  private static Optional<FileChannel> openIfThere(Path log) throws IOException {
    try {
      return Optional.of(RegularFile.open(log));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether it, or one behind it, is there. */
  private boolean isPassed() throws IOException {
    Instant changed = Files.getLastModifiedTime(directory).toInstant();
    if (listed.equals(Optional.of(changed))) {
      return false;
    }
    boolean settled = changed.plus(TICK).isBefore(Instant.now());
    List<LogFile> files = LogFile.in(directory);
    if (!files.isEmpty() && files.get(files.size() - 1).number() >= next) {
      return true;
    }
    listed = settled ? Optional.of(changed) : Optional.empty();
    return false;
  }
}
