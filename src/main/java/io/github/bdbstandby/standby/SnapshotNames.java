package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogSequenceException;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of databases that a snapshot could not follow, or that recovery did not. */
final class SnapshotNames {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotNames.class);

  /** Log files in which a transaction may have begun that ended in the next. */
  private static final int EARLIER = 8;

  private SnapshotNames() {}

  /**
   * Early, to spare the copying; what counts is the inspection of what was gathered.
   *
   * @param files as they were found after that log file was
   * @param first the lowest log file that a copy begun now needs
   */
  static void refuse(Source source, EnvironmentFiles files, long first) throws IOException {
    if (source.logFiles().isEmpty()) {
      return;
    }
    Lsn from = new Lsn(first, 0);
    NameGuard names = new NameGuard(source.home(), source.dataDirectories());
    try {
      refuse(source, names, source.readLog(from, log -> names.scan(log, from)), files, from);
    } catch (LogSequenceException e) {
      LOG.debug("log files are removed as we look", e);
    }
  }

  /** Names in a stretch of log by which recovery would leave the copy, or find nothing. */
  static void refuse(Source source, List<LogRecord> log, EnvironmentFiles files) {
    NameGuard names = new NameGuard(source.home(), source.dataDirectories());
    Lsn from = log.isEmpty() ? Lsn.ZERO : new Lsn(log.get(0).lsn().file(), 0);
    refuse(source, names, names.read(log, Lsn.ZERO), files, from);
  }

  private static void refuse(
      Source source,
      NameGuard names,
      Optional<NameGuard.Objection> first,
      EnvironmentFiles files,
      Lsn from) {
    Optional<NameGuard.Objection> objection = first.or(() -> names.unresolved(files));
    if (objection.isPresent() && first.isEmpty()) {
      names.explain(before(source, from));
      objection = names.unresolved(files);
    }
    if (objection.isPresent()) {
      throw new RefusedException(
          objection.get().reason(), objection.get().message(), objection.get().hint());
    }
  }

  /**
   * What the log has shortly before. A database whose making was aborted, or whose removal was
   * committed, may have been named by a checkpoint since that was logged.
   */
  private static List<LogRecord> before(Source source, Lsn from) {
    try {
      List<Long> numbers = source.logFiles().stream().map(LogFile::number).toList();
      long lowest = from.file();
      while (lowest > from.file() - EARLIER && numbers.contains(lowest - 1)) {
        lowest--;
      }
      Lsn begin = new Lsn(lowest, 0);
      return source.readLog(begin, log -> LogStretch.read(log, begin, from, NameGuard.TYPES));
    } catch (IOException | LogSequenceException e) {
      LOG.debug("earlier log files are removed as we look", e);
      return List.of();
    }
  }

  /** What recovery of the copy would lose is told before it does. */
  static void refuseAstray(Cycle cycle) {
    RecoveryStops stops = cycle.log().stops();
    Optional<String> astray = stops.astray().or(stops::stranded);
    if (astray.isPresent()) {
      throw new CycleFailedException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.escaped(astray.get())
              + ": was made, renamed or removed in a way that recovery of a copy would not follow",
          "run it again after a checkpoint of the source, or with --checkpoint; if it was renamed"
              + " outside of a transaction, or another has a name now that it had, when a new log"
              + " file has been begun as well",
          null);
    }
  }

  /** A database that recovery has lost is not passed over in silence; the old standby stays. */
  static void refuseMissing(Cycle cycle) {
    Optional<String> wrong = cycle.log().wrong();
    if (wrong.isPresent()) {
      throw new CycleFailedException(
          Reason.UNRESOLVED_DATABASE,
          wrong.get() + ": it was renamed meanwhile, and recovery did not follow that",
          "run it again",
          null);
    }
  }
}
