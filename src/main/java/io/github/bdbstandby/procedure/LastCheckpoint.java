package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.CheckpointRecord;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The last checkpoint in a log: recovery of anything copied after it needs the log from the
 * checkpoint's own LSN on, since that is where the oldest transaction then open began.
 */
final class LastCheckpoint {
  private LastCheckpoint() {}

  /** From where on recovery needs this log; empty if there is no checkpoint in it. */
  static Optional<Lsn> in(EnvironmentView log) {
    AtomicReference<LogRecord> last = new AtomicReference<>();
    log.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.TXN_CHECKPOINT), last::set);
    return last.get() instanceof CheckpointRecord checkpoint
        ? Optional.of(checkpoint.checkpointLsn())
        : Optional.empty();
  }
}
