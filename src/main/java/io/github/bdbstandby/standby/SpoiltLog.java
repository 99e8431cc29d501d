package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log that waits beside a standby and is not as the source has it. It is mended in its place, so
 * that at no time less waits than before: what comes before the bad place is good, and the source
 * may be lost meanwhile.
 */
final class SpoiltLog {
  private static final Logger LOG = LoggerFactory.getLogger(SpoiltLog.class);

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
    long growth = mendFirst(source.logDirectory(), target.incoming(), assessment, progress);
    dropUseless(IncomingLogs.of(target, source, manifest, options), assessment);
    return growth;
  }

  /**
   * Mends all of it, one after the other, by what can be read of a source that may be lost: what
   * can't, and that it does not continue the standby, is for who goes on to tell.
   */
  static void mendAll(
      IncomingLogs incoming, LogsOfTheLost source, Target target, CopyProgress progress)
      throws IOException {
    long mended = 0;
    List<LogFile> logs = source.seen();
    try {
      IncomingLogs.Assessment spoilt = incoming.assess(logs);
      while (spoilt.isSome() && !spoilt.spoilt().isEmpty() && spoilt.shipFrom() > mended) {
        mended = spoilt.shipFrom();
        mendFirst(source.directory(), target.incoming(), spoilt, progress);
        dropUseless(incoming, spoilt);
        logs = source.seen();
        spoilt = incoming.assess(logs);
      }
    } catch (LogGapException e) {
      LOG.debug("a log file of the source's has gone", e);
    } catch (IOException e) {
      if (LogsOfTheLost.broken(logs).isEmpty()) {
        throw e;
      }
      LOG.debug("the source can't be read", e);
    }
  }

  private static long mendFirst(
      Path source, Path incoming, IncomingLogs.Assessment assessment, CopyProgress progress)
      throws IOException {
    try (LogShipper shipper =
        new LogShipper(
            source,
            incoming,
            assessment.shipFrom(),
            Math.min(assessment.shipBefore(), assessment.shipFrom() + 1),
            progress)) {
      shipper.ship();
      return shipper.takeGrowth();
    }
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
