package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The checkpoint that a source's application makes next. */
final class NextCheckpoint {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Set<LogRecordType> CHECKPOINTS = Set.of(LogRecordType.TXN_CHECKPOINT);

  private NextCheckpoint() {}

  /** Waits until there is one, for so long at most; an interrupted thread waits no more. */
  static void await(Source source, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    Lsn from = source.flushed();
    try {
      while (!isIn(source, from) && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isIn(Source source, Lsn from) throws IOException {
    return !source
        .readLog(from, log -> LogStretch.read(log, from, Lsn.ZERO, CHECKPOINTS))
        .isEmpty();
  }
}
