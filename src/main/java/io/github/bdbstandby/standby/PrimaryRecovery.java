package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.GlobalTransactionId;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryListener;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Recover;
import io.github.bdbstandby.procedure.steps.StagedNames;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Recovers a standby that is to be a primary, and then opens it once more the way an application
 * does, for writing: with normal recovery, which also keeps prepared transactions as they are.
 */
final class PrimaryRecovery {
  private final Target target;
  private final EnvironmentOptions options;
  private final RunListener listener;

  PrimaryRecovery(Target target, EnvironmentOptions options, RunListener listener) {
    this.target = target;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Does it; nothing to do where there is no log.
   *
   * @param stage how the names in the log are followed
   * @param due how far recovery must come
   * @param logs that lie in the standby
   * @param bytes of them
   * @return the transactions that are prepared there
   */
  List<GlobalTransactionId> run(RecoveryStops.Stage stage, Lsn due, List<LogFile> logs, long bytes)
      throws IOException {
    if (logs.isEmpty()) {
      return List.of();
    }
    listener.began(StepName.RECOVER, 0);
    EnvironmentOptions opening = Recover.withCache(options, bytes);
    Instant began = Instant.now();
    StagedNames names = new StagedNames(target, stage);
    names.arrange();
    Lsn end =
        DbEnvironment.recover(
            target.home(),
            RecoveryOptions.catastrophic(opening).through(target.pageSlot()),
            listener::recovered,
            Recover::endOfLog);
    Recover.refuseShort(target, end, due);
    names.settle();
    List<GlobalTransactionId> prepared =
        DbEnvironment.recover(
            target.home(),
            RecoveryOptions.normal(opening).through(target.pageSlot()),
            RecoveryListener.NONE,
            DbEnvironment::preparedTransactions);
    names.clear();
    DurableFiles.syncTree(target.home(), began);
    return prepared;
  }
}
