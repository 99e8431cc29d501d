package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.HeldLog;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The log that a sync would read, where it lies now: what the standby has and its recovery reads
 * again, what waits beside it, and what the source has.
 *
 * @param records all that tells of names in it, ascending, and what else was wanted
 * @param begin where what the standby does not have yet begins
 */
record PlannedLog(List<LogRecord> records, Lsn begin) {
  /**
   * Reads it, and copies what a passive source has to a temporary directory.
   *
   * @param more types of records that are wanted of what the standby does not have yet
   */
  static PlannedLog read(
      Source source,
      Manifest manifest,
      Target target,
      IncomingLogs.Assessment assessment,
      EnvironmentOptions options,
      Set<LogRecordType> more)
      throws IOException {
    Set<LogRecordType> types = EnumSet.copyOf(RecoveryStops.TYPES);
    types.addAll(NameGuard.TYPES);
    types.addAll(more);
    NameRecords records = new NameRecords();
    Lsn atSource = new Lsn(assessment.shipFrom(), 0);
    OptionalLong waiting =
        kept(target, manifest, assessment).stream().mapToLong(LogFile::number).min();
    Lsn beside = waiting.isPresent() ? new Lsn(waiting.getAsLong(), 0) : atSource;
    HeldLog.readHeld(target.logDirectory(), manifest.firstNeeded(), beside, options, records);
    if (waiting.isPresent()) {
      try (DbEnvironment log =
          DbEnvironment.openPrivate(target.incoming(), Set.of(Subsystem.LOG), options)) {
        log.scanLog(beside, atSource, types, records);
      }
    }
    source.readLog(
        atSource,
        log -> {
          log.scanLog(atSource, Lsn.ZERO, types, records);
          return null;
        });
    return new PlannedLog(records.records(), beside);
  }

  /** How recovery would follow what it does to names. */
  RecoveryStops stops(Manifest manifest, Target target) throws IOException {
    return RecoveryStops.find(
        records, manifest.recoveredTo().lsn(), begin, target, Layout.parse(manifest.layout()));
  }

  /** The log files that would be let in, ascending: those that wait, and the source's. */
  static List<LogFile> files(
      Source source, Manifest manifest, Target target, IncomingLogs.Assessment assessment)
      throws IOException {
    return Stream.concat(
            kept(target, manifest, assessment).stream(),
            source.logFiles().stream().filter(log -> log.number() >= assessment.shipFrom()))
        .toList();
  }

  /** The files that wait and would not be shipped again: what is spoilt is not among them. */
  private static List<LogFile> kept(
      Target target, Manifest manifest, IncomingLogs.Assessment assessment) throws IOException {
    return Files.isDirectory(target.incoming())
        ? LogFile.in(target.incoming()).stream()
            .filter(log -> log.number() >= manifest.recoveredTo().file())
            .filter(log -> log.number() < assessment.shipFrom())
            .toList()
        : List.of();
  }
}
