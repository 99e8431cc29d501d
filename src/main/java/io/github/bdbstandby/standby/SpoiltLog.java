package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;

/**
 * Log that waits beside a standby and is not as the source has it. It is mended in its place, so
 * that at no time less waits than before: what comes before the bad place is good, and the source
 * may be lost meanwhile.
 */
final class SpoiltLog {
  private SpoiltLog() {}

  /**
   * Mends the first of it by what a source has; who goes on assesses anew, since what follows was
   * not judged, and may be more than the source has.
   *
   * @return by how many bytes the log that waits has grown
   */
  static long mend(
      Source source,
      Target target,
      Manifest manifest,
      EnvironmentOptions options,
      IncomingLogs.Assessment assessment,
      CopyProgress progress)
      throws IOException {
    long growth;
    try (LogShipper shipper =
        new LogShipper(
            source.logDirectory(),
            target.incoming(),
            assessment.shipFrom(),
            Math.min(assessment.shipBefore(), assessment.shipFrom() + 1),
            progress)) {
      shipper.ship();
      growth = shipper.takeGrowth();
    }
    dropUseless(IncomingLogs.of(target, source, manifest, options), assessment);
    return growth;
  }

  /** Drops what nobody could use. */
  static void dropUseless(IncomingLogs incoming, IncomingLogs.Assessment assessment)
      throws IOException {
    for (LogFile spoilt : assessment.spoilt()) {
      if (incoming.isUseless(spoilt)) {
        DurableFiles.delete(spoilt.path());
      }
    }
  }
}
