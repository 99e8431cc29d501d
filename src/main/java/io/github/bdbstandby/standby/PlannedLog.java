package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
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

/**
 * The log that a sync would read, where it lies now: what the standby has and its recovery reads
 * again, what waits beside it, and what the source has.
 *
 * @param records all that tells of names in it, ascending
 * @param begin where what the standby does not have yet begins
 */
record PlannedLog(List<LogRecord> records, Lsn begin) {
  private static final Set<LogRecordType> TYPES = types();

  private static Set<LogRecordType> types() {
    Set<LogRecordType> types = EnumSet.copyOf(RecoveryStops.TYPES);
    types.addAll(NameGuard.TYPES);
    return types;
  }

  /** Reads it, and copies what a passive source has to a temporary directory. */
  static PlannedLog read(
      Source source,
      Manifest manifest,
      Target target,
      IncomingLogs.Assessment assessment,
      EnvironmentOptions options)
      throws IOException {
    NameRecords records = new NameRecords();
    Lsn atSource = new Lsn(assessment.shipFrom(), 0);
    OptionalLong waiting = lowestKept(target, manifest, assessment);
    Lsn beside = waiting.isPresent() ? new Lsn(waiting.getAsLong(), 0) : atSource;
    RecoveryStops.readAgain(
        target.logDirectory(), manifest.firstNeeded(), beside, options, records);
    if (waiting.isPresent()) {
      RecoveryStops.readAgain(target.incoming(), beside.file(), atSource, options, records);
    }
    source.readLog(
        atSource,
        log -> {
          log.scanLog(atSource, Lsn.ZERO, TYPES, records);
          return null;
        });
    return new PlannedLog(records.records(), beside);
  }

  /** How recovery would follow what it does to names. */
  RecoveryStops stops(Manifest manifest, Target target) throws IOException {
    return RecoveryStops.find(
        records, manifest.recoveredTo().lsn(), begin, target, Layout.parse(manifest.layout()));
  }

  /** The first file that waits and would not be shipped again; none where some are spoilt. */
  private static OptionalLong lowestKept(
      Target target, Manifest manifest, IncomingLogs.Assessment assessment) throws IOException {
    return assessment.spoilt().isEmpty() && Files.isDirectory(target.incoming())
        ? LogFile.in(target.incoming()).stream()
            .mapToLong(LogFile::number)
            .filter(number -> number >= manifest.recoveredTo().file())
            .filter(number -> number < assessment.shipFrom())
            .min()
        : OptionalLong.empty();
  }
}
