package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.LogSequenceException;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoint that a source's application makes next. */
final class NextCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(NextCheckpoint.class);
  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final Duration SELDOM = Duration.ofSeconds(2);
  private static final Set<LogRecordType> CHECKPOINTS = Set.of(LogRecordType.TXN_CHECKPOINT);

  private NextCheckpoint() {}

  /** Waits until there is one, for so long at most; an interrupted thread waits no more. */
  static void await(Source source, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    Lsn from = source.flushed();
    Lsn seen = from;
    // To look into the log of a source that is not joined, it is copied.
    Duration interval = source.opened().isPresent() ? OFTEN : SELDOM;
    try {
      while (System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.sleep(Math.min(interval.toNanos(), limit.toNanos()));
        Lsn now = source.flushed();
        if (!now.equals(seen) && isIn(source, from)) {
          return;
        }
        seen = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LogSequenceException | LogGapException e) {
      LOG.debug("log files that one made superfluous were removed", e);
    }
  }

  private static boolean isIn(Source source, Lsn from) throws IOException {
    return !source
        .readLog(from, log -> LogStretch.read(log, from, Lsn.ZERO, CHECKPOINTS))
        .isEmpty();
  }
}
