package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A log that another one was to continue, and what it has that the other has not. LSNs don't tell:
 * where the histories have parted, other records have the same ones.
 *
 * @param beyond its log files that have something of their own, or may have, ascending
 * @param parting where the first record of its own is; empty if that can't be told, because the
 *     other log does not go back so far
 */
public record PartedLog(List<LogFile> beyond, Optional<Lsn> parting) {

  /** Keeps a copy. */
  public PartedLog {
    beyond = List.copyOf(beyond);
  }

  /**
   * Compares each file of the one with the other's of that number.
   *
   * @param logs the log files of the one, ascending; nobody writes to them
   * @param other the directory of the other's, which may grow, and lose its first files
   * @param options the password of both, if there is one; empty if there is one that is not known
   */
  public static PartedLog of(List<LogFile> logs, Path other, Optional<EnvironmentOptions> options)
      throws IOException {
    Optional<Lsn> parting = Optional.empty();
    boolean isCompared = false;
    boolean isSameHistory = false;
    int at = 0;
    int first = 0;
    for (; at < logs.size() && parting.isEmpty(); at++) {
      LogFile log = logs.get(at);
      Optional<LogOverlap> overlap = overlap(log, other, options);
      if (overlap.isPresent()) {
        first = isCompared ? first : at;
        isCompared = true;
        Lsn same = overlap.get().parting();
        isSameHistory |= isTelling(log, same.offset(), options);
        if (overlap.get().oursGoesOn() || goesOn(log, same.offset())) {
          parting = Optional.of(same);
        }
      } else if (isCompared && LogOverlap.begins(log, options)) {
        parting = Optional.of(new Lsn(log.number(), 0));
      }
    }
    if (!isCompared || (first > 0 && !isSameHistory)) {
      return new PartedLog(logs, Optional.empty());
    }
    return new PartedLog(
        parting.isPresent() ? logs.subList(at - 1, logs.size()) : List.of(), parting);
  }

  /** Empty if the other has no such file. */
  private static Optional<LogOverlap> overlap(
      LogFile log, Path other, Optional<EnvironmentOptions> options) throws IOException {
    Path theirs = other.resolve(log.path().getFileName());
    if (!Files.exists(theirs)) {
      return Optional.empty();
    }
    try {
      Lsn end = LogEnd.of(log, 0);
      return Optional.of(
          PlainCopier.sameBytes(log.path(), theirs, end.offset())
              ? new LogOverlap(end, false, true)
              : LogOverlap.of(log, Long.MAX_VALUE, theirs, options));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed as we looked
    }
  }

  /**
   * Whether the records up to there can be of one history only, so that all before them is the same
   * too. A commit has its time, and an encrypted record a number drawn for it; how a file begins,
   * or what two runs of one job write, may be the same in two.
   */
  private static boolean isTelling(LogFile log, long until, Optional<EnvironmentOptions> options)
      throws IOException {
    boolean isEncrypted =
        options.flatMap(EnvironmentOptions::password).isPresent() || options.isEmpty();
    try (FileChannel channel = RegularFile.open(log.path())) {
      RecordHeaders records = new RecordHeaders(channel, 0);
      boolean isFirst = true;
      while (records.next() && records.end() <= until) {
        if (isEncrypted ? !isFirst : OldestCommit.isCommit(records)) {
          return true;
        }
        isFirst = false;
      }
      return false;
    }
  }

  /**
   * Whether records follow one that is not whole: it is no end that a crash has left, but damage.
   */
  private static boolean goesOn(LogFile log, long from) throws IOException {
    try (FileChannel channel = RegularFile.open(log.path())) {
      RecordHeaders records = new RecordHeaders(channel, from);
      boolean begins = records.next();
      return begins && records.next();
    }
  }
}
