package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.HeldLog;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** The log that lies in a standby: what is recovered where nothing is added to it. */
final class OwnLog {
  private final Manifest manifest;
  private final Target target;
  private final List<LogRecord> records;

  /**
   * Reads it.
   *
   * @param target the standby, or a copy of it
   */
  OwnLog(StandbyDirectory standby, Manifest manifest, Target target, EnvironmentOptions options)
      throws IOException {
    NameRecords log = new NameRecords();
    HeldLog.readAgain(
        target.logDirectory(),
        0, // all that lies there is read again
        new UnfinishedCycle(standby).endOfLog(manifest),
        options,
        log);
    this.manifest = manifest;
    this.target = target;
    this.records = log.records();
  }

  /**
   * How names are followed in it.
   *
   * @param in no recovery can end before this
   */
  RecoveryStops stops(Lsn in) throws IOException {
    return RecoveryStops.find(
        records, manifest.recoveredTo().lsn(), in, target, Layout.parse(manifest.layout()));
  }

  /** Tells a place that a database has left from somewhere in it on. */
  Predicate<String> left(Lsn from) {
    return RecoveryStops.left(records, from);
  }
}
