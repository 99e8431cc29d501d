package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;

/** The log that lies in a standby: what is recovered where nothing is added to it. */
final class OwnLog {
  private OwnLog() {}

  /**
   * How names are followed in it.
   *
   * @param target the standby, or a copy of it
   */
  static RecoveryStops stops(
      StandbyDirectory standby, Manifest manifest, Target target, EnvironmentOptions options)
      throws IOException {
    NameRecords log = new NameRecords();
    RecoveryStops.readAgain(
        target.logDirectory(),
        0, // all that lies there is read again
        new UnfinishedCycle(standby).endOfLog(manifest),
        options,
        log);
    return RecoveryStops.find(
        log.records(),
        manifest.recoveredTo().lsn(),
        RecoveryStops.ALL_IN,
        target,
        Layout.parse(manifest.layout()));
  }
}
