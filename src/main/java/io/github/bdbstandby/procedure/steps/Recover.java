package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.PageWrites;
import io.github.bdbstandby.libdb.RecoveryListener;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.StandbyRecoveryException;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The last step: catastrophic recovery of the standby, in this process. */
public final class Recover implements Step {
  private static final long SMALLEST_CACHE = 32L << 20;
  private static final long LARGEST_CACHE = 512L << 20;

  @Override
  public StepName name() {
    return StepName.RECOVER;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    return new StepPlan(
        name(),
        "run catastrophic recovery in " + FileNames.shown(cycle.target().home()),
        List.of());
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.listener().began(name(), 0);
    Work work = Work.NONE;
    for (RecoveryStops.Stage stage : cycle.log().stops().whole()) {
      work =
          recover(
              cycle.target(),
              stage,
              cycle.log().extent(),
              cycle.targetOptions(),
              Optional.of(cycle.pageWrites()),
              cycle.listener()::recovered);
    }
    cycle.log().settle();
    if (work.files() > 0) {
      cycle.recoveredTo(cycle.log().extent());
    }
    return work;
  }

  /**
   * Runs one of its stages, if there are log files.
   *
   * @param due where the log that is let in ends
   */
  public static Work recover(
      Target target,
      RecoveryStops.Stage stage,
      Lsn due,
      EnvironmentOptions options,
      Optional<PageWrites> writes,
      RecoveryListener listener)
      throws IOException {
    List<LogFile> logs = LogFile.in(target.logDirectory());
    long bytes = 0;
    for (LogFile log : logs) {
      bytes += Files.size(log.path());
    }
    if (!logs.isEmpty()) {
      Instant began = Instant.now();
      StagedNames names = new StagedNames(target, stage);
      names.arrange();
      try {
        RecoveryOptions recovery =
            RecoveryOptions.catastrophic(withCache(options, bytes)).through(target.pageSlot());
        Lsn end =
            DbEnvironment.recover(
                target.home(),
                writes.map(recovery::telling).orElse(recovery),
                listener,
                Recover::endOfLog);
        refuseShort(target, end, due);
      } catch (RunRecoveryException e) {
        throw new StandbyRecoveryException(e);
      }
      names.settle();
      // libdb makes the bytes in its cache durable: not those of databases that it has made empty,
      // and not the names of files.
      DurableFiles.syncTree(target.home(), began);
    }
    return new Work(logs.size(), bytes);
  }

  /** Where the log ends that was recovered. */
  public static Lsn endOfLog(DbEnvironment recovered) {
    return recovered.logStatus().end();
  }

  /**
   * Whether libdb has opened another log than the one that was let in: where it finds none, it
   * begins one, and recovery ends well.
   *
   * @param end where the log ended that it has recovered
   * @param due where the one that was let in does
   * @return what is wrong
   */
  public static Optional<String> shortage(Target target, Lsn end, Lsn due) {
    return end.compareTo(due) >= 0
        ? Optional.empty()
        : Optional.of(
            FileNames.shown(target.home())
                + ": recovery has read a log that ends at "
                + end
                + ", where that in "
                + FileNames.shown(target.logDirectory())
                + " goes to "
                + due);
  }

  /** The same, as a failure. */
  public static void refuseShort(Target target, Lsn end, Lsn due) throws IOException {
    Optional<String> shortage = shortage(target, end, due);
    if (shortage.isPresent()) {
      throw new StandbyRecoveryException(shortage.get());
    }
  }

  /** Where the next record would go: libdb reads the last log file up to its last whole record. */
  public static Lsn endOfLog(Path home, EnvironmentOptions options) {
    try (DbEnvironment log = DbEnvironment.openPrivate(home, Set.of(Subsystem.LOG), options)) {
      return log.logStatus().end();
    }
  }

  /** libdb's default of 256 KB makes recovery read pages again and again. */
  public static EnvironmentOptions withCache(EnvironmentOptions options, long logBytes) {
    return options.toBuilder()
        .cacheBytes(Math.max(SMALLEST_CACHE, Math.min(LARGEST_CACHE, 2 * logBytes)))
        .build();
  }
}
