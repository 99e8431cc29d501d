package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The log files that were shipped and wait beside a standby, and whether the source's still
 * continue them.
 *
 * <p>They are the source's own, unchanged: from the file in which the standby's history ends, or a
 * later one if a cycle was cut off while it let them in, which it does from the lowest up. A source
 * that crashed may have rewritten the end of its log, and a power cut may have spoilt what we had
 * not made durable; such files are dropped and shipped again, as long as what the standby has
 * recovered is still the beginning of what the source has. Where it is not, its history is another
 * one, and the log files of two histories must not mix.
 */
final class IncomingLogs {
  private final Target.Held held;
  private final Path incoming;
  private final Path sourceLogs;

  /** A reason why the source does not continue the standby. */
  record Break(Reason reason, String message) {}

  /**
   * What to do next.
   *
   * @param broken why nothing can be shipped; empty if it can
   * @param shipFrom the lowest file to read at the source
   * @param spoilt files to drop before that
   */
  record Assessment(Optional<Break> broken, long shipFrom, List<LogFile> spoilt) {}

  IncomingLogs(Target.Held held, Path incoming, Path sourceLogs) {
    this.held = held;
    this.incoming = incoming;
    this.sourceLogs = sourceLogs;
  }

  /** The files waiting. */
  List<LogFile> waiting() throws IOException {
    return Files.isDirectory(incoming)
        ? LogFile.in(incoming).stream().filter(log -> log.number() >= held.end().file()).toList()
        : List.of();
  }

  /**
   * Compares with the source; changes nothing.
   *
   * @param atSource its log files, ascending
   */
  Assessment assess(List<LogFile> atSource) throws IOException {
    Lsn end = held.end();
    if (end.isZero()) {
      return new Assessment(Optional.empty(), 1, List.of());
    }
    List<LogFile> waiting = waiting();
    long from = waiting.isEmpty() ? end.file() : waiting.get(0).number();
    if (atSource.isEmpty()) {
      return broken(Reason.LOG_GAP, FileNames.shown(sourceLogs) + ": no log files there");
    }
    long first = atSource.get(0).number();
    long last = atSource.get(atSource.size() - 1).number();
    if (last < end.file()) {
      return broken(
          Reason.HISTORY_DIVERGED,
          FileNames.shown(sourceLogs)
              + ": ends with file "
              + last
              + ", but the standby has come to "
              + end);
    }
    if (!waiting.isEmpty() && !followsStandby(waiting.get(0))) {
      return gapOr(atSource, end.file(), waiting);
    }
    Optional<String> differs = differsBelow(from, first);
    if (differs.isPresent()) {
      return broken(Reason.HISTORY_DIVERGED, differs.get());
    }
    for (int i = 0; i < waiting.size(); i++) {
      LogFile ours = waiting.get(i);
      Path theirs = sourceLogs.resolve(ours.path().getFileName());
      boolean contiguous = ours.number() == from + i;
      if (!contiguous
          || (Files.exists(theirs) && !isBeginning(ours.path(), theirs))
          || (i + 1 < waiting.size() && !isWhole(ours, theirs, waiting.get(i + 1)))) {
        return gapOr(atSource, from + i, waiting.subList(i, waiting.size()));
      }
    }
    return gapOr(atSource, waiting.isEmpty() ? from : next(waiting, atSource), List.of());
  }

  /** The last file that waits, to be continued; the one after it if the source is done with it. */
  private static long next(List<LogFile> waiting, List<LogFile> atSource) throws IOException {
    LogFile last = waiting.get(waiting.size() - 1);
    LogFile first = atSource.get(0);
    boolean follows = first.number() == last.number() + 1 && LogEnd.leadsTo(last, first);
    return follows ? first.number() : last.number();
  }

  /** Whether a file that others follow lacks nothing, also if the source has no more of it. */
  private static boolean isWhole(LogFile ours, Path theirs, LogFile following) throws IOException {
    try {
      long end = LogEnd.of(new LogFile(ours.number(), theirs), 0).offset();
      return Files.size(ours.path()) >= end;
    } catch (NoSuchFileException e) {
      return LogEnd.leadsTo(ours, following);
    }
  }

  /**
   * Whether files waiting here begin with what the standby has: a power cut may have spoilt them,
   * and the source that could tell is gone.
   */
  boolean continueStandby(List<LogFile> waiting) throws IOException {
    LogFile first = waiting.get(0);
    if (first.number() > held.end().file()) {
      return followsStandby(first);
    }
    Path ours = held.logDirectory().resolve(first.path().getFileName());
    return PlainCopier.sameBytes(ours, first.path(), held.end().offset());
  }

  /** Whether those before a waiting file were let in already, if there were any. */
  private boolean followsStandby(LogFile first) throws IOException {
    long before = first.number() - 1;
    if (before < held.end().file()) {
      return true;
    }
    Path last = held.logDirectory().resolve(LogFile.nameOf(before));
    return Files.exists(last) && LogEnd.leadsTo(new LogFile(before, last), first);
  }

  /** Older than what the standby has recovered: left by a cycle that was cut off at its end. */
  private List<LogFile> stale() throws IOException {
    return Files.isDirectory(incoming)
        ? LogFile.in(incoming).stream().filter(log -> log.number() < held.end().file()).toList()
        : List.of();
  }

  private Assessment gapOr(List<LogFile> atSource, long next, List<LogFile> spoilt)
      throws IOException {
    long last = atSource.get(atSource.size() - 1).number();
    for (long number = next; number <= last; number++) {
      long each = number;
      if (atSource.stream().noneMatch(log -> log.number() == each)) {
        return broken(
            Reason.LOG_GAP,
            FileNames.shown(sourceLogs.resolve(LogFile.nameOf(each)))
                + ": removed from the source before the standby had all of it (recovered to "
                + held.end()
                + ")");
      }
    }
    List<LogFile> drop = new ArrayList<>(stale());
    drop.addAll(spoilt);
    return new Assessment(Optional.empty(), next, List.copyOf(drop));
  }

  /** What the standby has recovered must be what the source has; only the last file can tell. */
  private Optional<String> differsBelow(long from, long firstAtSource) throws IOException {
    Lsn end = held.end();
    long number = from == end.file() ? end.file() : from - 1;
    if (number < firstAtSource) {
      return Optional.empty(); // gone: then only a gap can be told, or nothing at all
    }
    Path ours = held.logDirectory().resolve(LogFile.nameOf(number));
    Path theirs = sourceLogs.resolve(LogFile.nameOf(number));
    try {
      long length = number == end.file() ? end.offset() : Files.size(ours);
      if (!PlainCopier.sameBytes(ours, theirs, length)) {
        return Optional.of(
            FileNames.shown(theirs)
                + ": differs from the standby's "
                + FileNames.shown(ours)
                + " before "
                + end);
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(e.getMessage() + ": missing, so that histories can't be compared");
    }
  }

  private static boolean isBeginning(Path ours, Path theirs) throws IOException {
    try {
      return PlainCopier.sameBytes(ours, theirs, Files.size(ours));
    } catch (NoSuchFileException e) {
      return true; // removed at the source since: what was shipped is all there is
    }
  }

  private static Assessment broken(Reason reason, String message) {
    return new Assessment(Optional.of(new Break(reason, message)), 0, List.of());
  }
}
