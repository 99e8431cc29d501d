package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The log of a source, as far as recovery of a copy needs it. */
final class SourceLog {
  private static final String WHOLE =
      "put it back whole, or force checkpoints in the source until its log is needed from a later"
          + " file on: db5.3_checkpoint -1";

  private SourceLog() {}

  /**
   * Refuses a source that lacks some of it.
   *
   * @throws RefusedException {@code log-gap}
   */
  static void refuseHole(Source source) throws IOException {
    Lsn flushed = source.flushed();
    List<LogFile> logs = source.logFiles();
    if (flushed.offset() > 0 && logs.stream().noneMatch(log -> log.number() >= flushed.file())) {
      throw new RefusedException(
          Reason.LOG_GAP,
          FileNames.shown(source.logDirectory().resolve(LogFile.nameOf(flushed.file())))
              + ": missing, though the environment has written its log up to "
              + flushed,
          "give the log directory that the application sets in code: --log-dir");
    }
    Optional<LogFile> cut = LogEnd.firstCut(needed(source, logs));
    if (cut.isPresent()) {
      throw new RefusedException(
          Reason.LOG_GAP,
          IncomingLogs.cutShort(cut.get().path()) + ", and recovery of a copy needs it",
          WHOLE);
    }
  }

  /**
   * The log files of a source that is followed. One that has none of those it had has not lost
   * them: they are on a disk that is away.
   *
   * @throws RefusedException {@code no-environment}
   */
  static List<LogFile> toFollow(Source source, StandbyDirectory standby) throws IOException {
    List<LogFile> logs = source.logFiles();
    if (logs.isEmpty() && !ManifestFile.ofStandby(standby).recoveredTo().lsn().isZero()) {
      Optional<RefusedException> away = away(source.logDirectory());
      if (away.isPresent()) { // else they have come back meanwhile
        throw away.get();
      }
      return source.logFiles();
    }
    return logs;
  }

  /** The refusal of a log directory that lacks all its files; empty if it has any. */
  static Optional<RefusedException> away(Path directory) throws IOException {
    if (Files.isDirectory(directory) && !LogFile.in(directory).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RefusedException(
            Reason.NO_ENVIRONMENT,
            FileNames.shown(directory) + ": the source's log files are not there any more",
            "put them back, or fail over"));
  }

  /** The log files that recovery of a copy needs, each after the other. */
  private static List<LogFile> needed(Source source, List<LogFile> logs) throws IOException {
    long first = source.firstNeeded().orElse(1);
    List<LogFile> needed = logs.stream().filter(log -> log.number() >= first).toList();
    long expected = first;
    for (LogFile log : needed) {
      if (log.number() != expected++) {
        throw new RefusedException(
            Reason.LOG_GAP,
            FileNames.shown(source.logDirectory().resolve(LogFile.nameOf(expected - 1)))
                + ": recovery of a copy needs this log file, and it is gone",
            WHOLE);
      }
    }
    return needed;
  }
}
