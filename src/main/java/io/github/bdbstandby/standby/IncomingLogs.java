package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.Source;
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
 * that crashed may have rewritten the record at the end of its log, and a power cut may have spoilt
 * what we had not made durable; such files are shipped again over what waits, as long as what the
 * standby has recovered, and each whole record that waits, is still the beginning of what the
 * source has. Where it is not, its history is another one, and the log files of two histories must
 * not mix. A source that lost its power may also have less than it had shipped: that it goes on
 * otherwise is then a matter of time.
 */
final class IncomingLogs {
  private final Target.Held held;
  private final Path incoming;
  private final Path sourceLogs;
  private final boolean sameRun;
  private final SharedHistory shared;

  /**
   * A reason why the source does not continue the standby.
   *
   * @param parting where its history is another one; empty if that is not known
   * @param isBehind whether all that it has is the beginning of what we have
   */
  record Break(Reason reason, String message, Optional<Lsn> parting, boolean isBehind) {}

  /**
   * What to do next.
   *
   * @param broken why not all can be shipped; empty if it can
   * @param shipFrom the lowest file to read at the source
   * @param shipBefore the first one that can't be had; not more than {@code shipFrom} if there is
   *     nothing before it
   * @param spoilt files that wait and are to be mended by that, or are of no use
   */
  record Assessment(Optional<Break> broken, long shipFrom, long shipBefore, List<LogFile> spoilt) {
    /** The same up to a file that can't be had. */
    Assessment before(long number) {
      return new Assessment(broken, shipFrom, Math.min(shipBefore, number), spoilt);
    }

    /** Whether there is anything to be had. */
    boolean isSome() {
      return shipFrom < shipBefore;
    }

    /** Whether a log file is to be read at the source. */
    boolean takes(LogFile log) {
      return log.number() >= shipFrom && log.number() < shipBefore;
    }
  }

  /**
   * Looks at nothing yet.
   *
   * @param sameRun whether the source has run on since, as far as is known: else it may be a backup
   *     put back, whose next file fits behind ours by chance
   * @param options the password, if there is one; empty if it is not known
   */
  IncomingLogs(
      Target.Held held,
      Path incoming,
      Path sourceLogs,
      boolean sameRun,
      Optional<EnvironmentOptions> options) {
    this.held = held;
    this.incoming = incoming;
    this.sourceLogs = sourceLogs;
    this.sameRun = sameRun;
    this.shared = new SharedHistory(held, incoming, sourceLogs, options);
  }

  /** Those of a standby whose source is open. */
  static IncomingLogs of(
      Target target, Source source, Manifest manifest, EnvironmentOptions options)
      throws IOException {
    return new IncomingLogs(
        target.held().orElseThrow(),
        target.incoming(),
        source.logDirectory(),
        new BulkGuard(source).isSameRun(manifest.hold()),
        Optional.of(options));
  }

  /** How far these and the source's are the same. */
  SharedHistory shared() {
    return shared;
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
      return new Assessment(Optional.empty(), 1, Long.MAX_VALUE, List.of());
    }
    List<LogFile> waiting = waiting();
    long from = waiting.isEmpty() ? end.file() : waiting.get(0).number();
    if (atSource.isEmpty()) {
      return gap(FileNames.shown(sourceLogs) + ": no log files there");
    }
    long first = atSource.get(0).number();
    long last = atSource.get(atSource.size() - 1).number();
    if (last < end.file()) {
      return diverged(
          FileNames.shown(sourceLogs)
              + ": ends with file "
              + last
              + ", but the standby has come to "
              + end,
          shared.covers(atSource));
    }
    if (!waiting.isEmpty() && !shared.followsStandby(waiting.get(0))) {
      return gapOr(atSource, end.file(), waiting);
    }
    Optional<String> differs = differsBelow(from, first);
    if (differs.isPresent()) {
      return diverged(differs.get(), shared.covers(atSource));
    }
    for (int i = 0; i < waiting.size(); i++) {
      LogFile ours = waiting.get(i);
      Path theirs = sourceLogs.resolve(ours.path().getFileName());
      List<LogFile> rest = waiting.subList(i, waiting.size());
      if (ours.number() != from + i) {
        Optional<Break> cutOff = shared.cutOff(from + i, rest);
        return cutOff.isPresent() ? broken(cutOff.get()) : gapOr(atSource, from + i, rest);
      }
      if (shared.isVoid(ours)) {
        long before = Math.max(end.file(), ours.number() - 1); // there it goes on
        return gapOr(atSource, before, rest);
      }
      boolean same = SharedHistory.isBeginning(ours.path(), theirs);
      Optional<Break> parted = shared.parted(rest, same, atSource);
      if (parted.isPresent()) {
        return broken(parted.get());
      }
      if (!same || (rest.size() > 1 && !isWhole(ours, theirs, rest.get(1)))) {
        return gapOr(atSource, ours.number(), rest);
      }
    }
    return gapOr(atSource, waiting.isEmpty() ? from : next(waiting, atSource), List.of());
  }

  /** The last file that waits, to be continued; the one after it if the source is done with it. */
  private long next(List<LogFile> waiting, List<LogFile> atSource) throws IOException {
    LogFile last = waiting.get(waiting.size() - 1);
    LogFile first = atSource.get(0);
    boolean follows = sameRun && first.number() == last.number() + 1 && LogEnd.leadsTo(last, first);
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
      return shared.followsStandby(first);
    }
    Path ours = held.logDirectory().resolve(first.path().getFileName());
    return PlainCopier.sameBytes(ours, first.path(), held.end().offset());
  }

  /** Whether files waiting here end behind what the standby has. */
  boolean goBeyond(List<LogFile> waiting) throws IOException {
    return LogEnd.of(waiting.get(waiting.size() - 1), 0).compareTo(held.end()) > 0;
  }

  /** Of a log file at the source that its successor does not continue. */
  static String cutShort(Path log) {
    return FileNames.shown(log) + ": ends before its records lead to the next log file";
  }

  /** Those of the files waiting that lead from each to the next, from the first on. */
  static List<LogFile> chained(List<LogFile> waiting) throws IOException {
    int count = Math.min(1, waiting.size());
    while (count < waiting.size()
        && waiting.get(count).number() == waiting.get(count - 1).number() + 1
        && LogEnd.leadsTo(waiting.get(count - 1), waiting.get(count))) {
      count++;
    }
    return waiting.subList(0, count);
  }

  /** Older than what the standby has recovered: left by a cycle that was cut off at its end. */
  private List<LogFile> stale() throws IOException {
    return Files.isDirectory(incoming)
        ? LogFile.in(incoming).stream().filter(log -> log.number() < held.end().file()).toList()
        : List.of();
  }

  /** Whether a file that waits has nothing that the standby lacks. */
  boolean isUseless(LogFile waiting) throws IOException {
    return waiting.number() < held.end().file() || shared.isVoid(waiting);
  }

  private Assessment gapOr(List<LogFile> atSource, long next, List<LogFile> spoilt)
      throws IOException {
    long last = atSource.get(atSource.size() - 1).number();
    List<LogFile> drop = new ArrayList<>(stale());
    drop.addAll(spoilt);
    for (long number = next; number <= last; number++) {
      long each = number;
      if (atSource.stream().noneMatch(log -> log.number() == each)) {
        String message =
            FileNames.shown(sourceLogs.resolve(LogFile.nameOf(each)))
                + ": removed from the source before the standby had all of it (recovered to "
                + held.end()
                + ")";
        Break gap = new Break(Reason.LOG_GAP, message, Optional.of(shared.endBefore(each)), false);
        return new Assessment(Optional.of(gap), next, each, List.copyOf(drop));
      }
    }
    return new Assessment(Optional.empty(), next, Long.MAX_VALUE, List.copyOf(drop));
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

  private static Assessment gap(String message) {
    return broken(new Break(Reason.LOG_GAP, message, Optional.empty(), false));
  }

  private static Assessment diverged(String message, boolean isBehind) {
    return broken(new Break(Reason.HISTORY_DIVERGED, message, Optional.empty(), isBehind));
  }

  private static Assessment broken(Break why) {
    return new Assessment(Optional.of(why), 0, 0, List.of());
  }
}
