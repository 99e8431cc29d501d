package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.LogOverlap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Log that waits beside a standby, of which its source gives no more: how much of it can be let in.
 */
final class WaitingLog {
  private final StandbyDirectory standby;
  private final IncomingLogs incoming;
  private final Path sourceLogs;
  private final EnvironmentOptions options;
  private final Shortfall shortfall;

  /**
   * Looks at nothing yet.
   *
   * @param standby by whose own files what is told is named
   * @param shortfall is told of what can't
   */
  WaitingLog(
      StandbyDirectory standby,
      IncomingLogs incoming,
      Path sourceLogs,
      EnvironmentOptions options,
      Shortfall shortfall) {
    this.standby = standby;
    this.incoming = incoming;
    this.sourceLogs = sourceLogs;
    this.options = options;
    this.shortfall = shortfall;
  }

  /** A disk may have spoilt what was shipped, and a source that is gone can't tell. */
  boolean isUsable(List<LogFile> waiting) throws IOException {
    if (waiting.isEmpty()) {
      return false;
    }
    boolean continues = incoming.continueStandby(waiting);
    if (!continues && incoming.goBeyond(waiting)) {
      shortfall.spoilt(
          shown(waiting.get(0))
              + ": was shipped, and does not continue the standby: with what follows it it is of no"
              + " use, and its source has no more of it");
    }
    return continues;
  }

  /**
   * Drops what no recovery could come to. A file may be cut short in the middle of the log: libdb's
   * cursor passes over that, and recovery fails when all is let in.
   *
   * @return what is left
   */
  List<LogFile> dropUnchained(List<LogFile> waiting) throws IOException {
    List<LogFile> chained = IncomingLogs.chained(waiting);
    if (chained.size() == waiting.size()) {
      return waiting;
    }
    List<LogFile> rest = waiting.subList(chained.size(), waiting.size());
    LogFile last = chained.get(chained.size() - 1);
    if (!shortfall.isAccepted() && !isBlank(rest)) {
      Path theirs = sourceLogs.resolve(last.path().getFileName());
      shortfall.gap(
          IncomingLogs.cutShort(Files.exists(theirs) ? theirs : place(last)),
          wholeEnd(last),
          new LogsOfTheLost(sourceLogs).seen());
    }
    drop(rest);
    return chained;
  }

  /**
   * Whether that is no more than a next file whose shipping was cut off before its first record.
   */
  private static boolean isBlank(List<LogFile> rest) throws IOException {
    return rest.size() == 1 && LogEnd.of(rest.get(0), 0).offset() == 0;
  }

  /**
   * A log file that is spoilt.
   *
   * @param from where the log ends that comes before
   */
  record Spoilt(LogFile log, Lsn from) {}

  /**
   * Where it is spoilt: at a record that is not whole, and that another follows. The last one of
   * all is what a crash leaves.
   *
   * @param waiting each of which leads to the next
   */
  Optional<Spoilt> spoilt(List<LogFile> waiting) throws IOException {
    for (LogFile log : waiting) {
      Lsn end = wholeEnd(log);
      boolean isLast = log.equals(waiting.get(waiting.size() - 1));
      if (isLast ? LogEnd.goesOnBehind(log, end.offset()) : end.compareTo(LogEnd.of(log, 0)) < 0) {
        return Optional.of(new Spoilt(log, LogEnd.ofRecords(end, waiting)));
      }
    }
    return Optional.empty();
  }

  private Lsn wholeEnd(LogFile log) throws IOException {
    return LogOverlap.wholeEndOf(log, Optional.of(options));
  }

  /**
   * Drops what comes behind a place at which it is spoilt.
   *
   * @return what is left; what its last file has behind that place libdb takes for none
   */
  List<LogFile> dropSpoilt(List<LogFile> waiting, Spoilt spoilt) throws IOException {
    Lsn from = spoilt.from();
    shortfall.spoilt(
        shown(spoilt.log())
            + ": was shipped, and is spoilt from "
            + from
            + " on: with what follows it it is of no use, and its source has no more of it",
        from);
    return dropBehind(waiting, from);
  }

  /** Drops the files that begin there or later; what is left. */
  static List<LogFile> dropBehind(List<LogFile> waiting, Lsn end) throws IOException {
    List<LogFile> good = waiting.stream().filter(log -> isBefore(log, end)).toList();
    drop(waiting.subList(good.size(), waiting.size()));
    return good;
  }

  private static boolean isBefore(LogFile log, Lsn end) {
    return log.number() < end.file() || (log.number() == end.file() && end.offset() > 0);
  }

  private Path place(LogFile log) {
    return standby.incoming().resolve(log.path().getFileName());
  }

  private String shown(LogFile log) {
    return FileNames.shown(place(log));
  }

  private static void drop(List<LogFile> logs) throws IOException {
    for (LogFile log : logs) {
      DurableFiles.delete(log.path());
    }
  }
}
