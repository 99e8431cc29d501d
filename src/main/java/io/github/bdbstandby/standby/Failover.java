package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.GlobalTransactionId;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryListener;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Recover;
import io.github.bdbstandby.procedure.steps.StagedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a standby into a primary: salvages what can still be read of the source's last logs,
 * recovers, sees that the environment opens for writing, takes the marks off.
 */
final class Failover {
  private final StandbyDirectory standby;
  private final FailoverOptions asked;
  private final EnvironmentOptions options;
  private final RunListener listener;
  private final List<String> notes = new ArrayList<>();
  private final List<String> lostPage = new ArrayList<>();

  Failover(StandbyDirectory standby, FailoverOptions asked, RunListener listener) {
    this.standby = standby;
    this.asked = asked;
    this.options = EnvironmentOptions.ofPassword(asked.password());
    this.listener = listener;
  }

  /** What would be done; nothing is changed. */
  List<StepPlan> plan() throws IOException {
    return asked.takeOver() ? Replanning.of(standby, this::planNow) : planNow();
  }

  private List<StepPlan> planNow() throws IOException {
    refuseNoStandby();
    TreeGuard.check(standby);
    if (!asked.takeOver()) {
      StandbyLock.refuseHeld(standby);
      StandbyUse.refuse(standby);
    }
    DryRun.refuseUnended(standby, "failover");
    Manifest known = ManifestFile.ofStandby(standby);
    Manifest manifest = withLogFound(known);
    Target target = standby.target(manifest);
    List<LogFile> salvageable = salvageable(manifest, target);
    LossGuard guard = lossGuard(manifest);
    DryRun.gather(
        standby.incoming(),
        salvageable,
        incoming ->
            salvage(
                    manifest,
                    new Target(target.home(), target.logDirectory(), incoming, target.held()),
                    guard)
                .gather());
    StringBuilder salvaging =
        new StringBuilder("salvage what the source's log has beyond the standby's");
    otherLog(known, manifest.source().logPath())
        .ifPresent(note -> salvaging.append("; ").append(note));
    guard.losses().forEach(loss -> salvaging.append("; given up: ").append(loss));
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : salvageable) {
      files.add(new StepPlan.PlannedFile(log.path(), log.size()));
    }
    return List.of(
        new StepPlan(StepName.COPY_LOGS, salvaging.toString(), files),
        new StepPlan(
            StepName.RECOVER,
            "run catastrophic recovery in "
                + FileNames.shown(standby.home())
                + " and take the standby marks off",
            List.of()));
  }

  Promotion run() throws IOException {
    long start = System.nanoTime();
    if (!hasLeftovers()) {
      refuseNoStandby();
    }
    TreeGuard.check(standby);
    if (!asked.takeOver()) {
      try (StandbyLock lock = StandbyLock.takeForGood(standby)) {
        return runLocked(start);
      }
    }
    try (TakeOver.Taken taken = TakeOver.lock(standby)) {
      return taken.telling(() -> runLocked(start));
    }
  }

  private Promotion runLocked(long start) throws IOException {
    StandbyUse.refuse(standby);
    if (hasLeftovers()) {
      clear();
    } else {
      Journal journal = new Journal(standby);
      if (asked.acceptLoss()) {
        journal.finish(lostPage::add);
      } else {
        journal.finish();
      }
    }
    return promote(ManifestFile.ofStandby(standby), start);
  }

  /** The same, of a source whose log is where it is now. */
  private Manifest withLogFound(Manifest manifest) throws IOException {
    PathGuard.refuseOwnLog(manifest.source().logPath(), standby.home());
    return manifest.withSourceLogIn(LogPlace.of(manifest, Optional.of(options)));
  }

  private Optional<String> otherLog(Manifest known, Path place) {
    try {
      return LogPlace.noteOf(known, place, options);
    } catch (IOException e) {
      return Optional.of("whether the log was also elsewhere could not be seen: " + e.getMessage());
    }
  }

  private void configure(DbConfig config) throws IOException {
    DurableFiles.write(standby.home().resolve(DbConfig.FILE), config.bytes());
  }

  private void refuseNoStandby() throws IOException {
    if (!new Journal(standby).isOpen()) {
      ManifestFile.ofStandby(standby);
    }
  }

  /** Whether a failover was killed when it had promoted, and was about to clear up. */
  private boolean hasLeftovers() throws IOException {
    return !new Journal(standby).isOpen()
        && (new UnfinishedCycle(standby).stands()
            || Files.exists(standby.incoming())
            || Files.exists(standby.image()))
        && ManifestFile.read(standby.manifest()).filter(Manifest::isPromoted).isPresent();
  }

  /** What a primary has no use for, once its manifest knows of all that waited. */
  private void clear() throws IOException {
    new TornPage(standby).forget();
    new UnfinishedCycle(standby).end();
    DurableFiles.deleteTree(standby.incoming());
    DurableFiles.deleteTree(standby.image());
  }

  /** The source's log files that can be had; all guards that need no more than a look. */
  private List<LogFile> salvageable(Manifest manifest, Target target) throws IOException {
    PathGuard.refuseMounted(manifest.source().homePath(), standby.home());
    PathGuard.refuseOwnLog(manifest.source().logPath(), standby.home());
    refusePassword(manifest, target);
    AsideGuard.refuse(target, target.aside());
    return salvage(manifest, target, lossGuard(manifest)).salvageable();
  }

  private Promotion promote(Manifest known, long start) throws IOException {
    Manifest manifest = withLogFound(known);
    Target target = standby.target(manifest);
    Optional<DbConfig> config = Optional.ofNullable(manifest.promotedConfig()).map(DbConfig::parse);
    DbConfig found = DbConfig.of(standby.home());
    DbConfig before = manifest.configBefore(found);
    if (!before.equals(found)) {
      configure(before);
    }
    salvageable(manifest, target);
    long begun = System.nanoTime();
    List<Loss> givenUp = asked.fence() ? objectTo(manifest, target) : List.of();
    notes.clear();
    notes.addAll(lostPage);
    otherLog(known, manifest.source().logPath()).ifPresent(notes::add);
    boolean fenced = fence(manifest);
    if (!fenced) {
      return promote(manifest, target, config, false, givenUp, start, begun);
    }
    return Fence.telling(
        () -> {
          Fence.awaitQuiet(manifest);
          return promote(manifest, target, config, true, givenUp, start, begun);
        });
  }

  /**
   * All that can be objected to so far, while the application is alive.
   *
   * @return log that was given up, and is not there any more to be found again
   */
  private List<Loss> objectTo(Manifest manifest, Target target) throws IOException {
    LossGuard guard = lossGuard(manifest);
    salvage(manifest, target, guard).gather();
    return guard.losses().stream().filter(loss -> loss.reason() == Reason.LOG_GAP).toList();
  }

  /** All that can be objected to without reading the last of the log has been. */
  private Promotion promote(
      Manifest manifest,
      Target target,
      Optional<DbConfig> config,
      boolean fenced,
      List<Loss> givenUp,
      long start,
      long salvaging)
      throws IOException {
    LossGuard guard = lossGuard(manifest, givenUp);
    Salvage salvage = salvage(manifest, target, guard);
    List<StepReport> steps = new ArrayList<>();
    salvage.gather();
    List<Path> gone =
        new UnfinishedCycle(standby).stands()
            ? List.of()
            : FilesAtRest.gone(standby.home(), manifest);
    new UnfinishedCycle(standby).begin();
    List<Long> salvaged = salvage.letIn();
    long salvagedBytes = salvaged.stream().mapToLong(Long::longValue).sum();
    steps.add(report(StepName.COPY_LOGS, salvaged.size(), salvagedBytes, salvaging));
    Lsn end = salvaged.isEmpty() ? manifest.recoveredTo().lsn() : salvage.gatheredTo();
    long begun = System.nanoTime();
    List<LogFile> logs = LogFile.in(target.logDirectory());
    long bytes = 0;
    for (LogFile log : logs) {
      bytes += Files.size(log.path());
    }
    List<GlobalTransactionId> prepared = recover(target, salvage.lastStage(), end, logs, bytes);
    salvage
        .wrong()
        .ifPresent(
            what ->
                notes.add(
                    what
                        + ": recovery did not follow its renaming; look for it at "
                        + FileNames.escaped(manifest.source().home())));
    gone.stream()
        .filter(file -> !Files.exists(file)) // nor has recovery made it again
        .forEach(file -> notes.add(SyncGuard.describeChanged(file)));
    steps.add(report(StepName.RECOVER, logs.size(), bytes, begun));
    if (config.isPresent()) {
      configure(config.get());
    }
    Manifest promoted = promoted(manifest, logs.isEmpty() ? Lsn.ZERO : end);
    ManifestFile.write(standby.manifest(), promoted);
    clear();
    if (!fenced) {
      Fence.missing(manifest).ifPresent(notes::add);
    }
    for (StandbyDirectory kept : ReplacedStandby.in(standby)) {
      notes.add(ReplacedStandby.noteOf(kept));
    }
    CycleReport cycle =
        new CycleReport(
            "failover",
            manifest.source().homePath(),
            standby.home(),
            manifest.procedure(),
            manifest.copyMethod(),
            steps,
            new CycleReport.Logs(
                salvage.sourceLogs().size(),
                logs.size(),
                logs.stream().map(LogFile::number).findFirst(),
                logs.stream().map(LogFile::number).reduce((a, b) -> b)),
            promoted.recoveredTo().lsn(),
            promoted.epoch(),
            Duration.ofNanos(System.nanoTime() - start),
            notes);
    return new Promotion(cycle, fenced, prepared, guard.losses());
  }

  /** Before the last of the log is gathered: what is committed there until then is salvaged. */
  private boolean fence(Manifest manifest) throws IOException {
    if (!asked.fence()) {
      return false;
    }
    Optional<String> failure = Fence.raise(manifest, asked.password());
    failure.ifPresent(notes::add);
    return failure.isEmpty();
  }

  /**
   * Recovers, and then opens it once more the way an application does, for writing: with normal
   * recovery, which also keeps prepared transactions as they are.
   */
  private List<GlobalTransactionId> recover(
      Target target, RecoveryStops.Stage stage, Lsn due, List<LogFile> logs, long bytes)
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
            standby.home(),
            RecoveryOptions.catastrophic(opening).through(target.pageSlot()),
            listener::recovered,
            Recover::endOfLog);
    Recover.refuseShort(target, end, due);
    names.settle();
    List<GlobalTransactionId> prepared =
        DbEnvironment.recover(
            standby.home(),
            RecoveryOptions.normal(opening).through(target.pageSlot()),
            RecoveryListener.NONE,
            DbEnvironment::preparedTransactions);
    names.clear();
    DurableFiles.syncTree(standby.home(), began);
    return prepared;
  }

  private StepReport report(StepName name, long files, long bytes, long begun) {
    StepReport report =
        new StepReport(name, files, bytes, Duration.ofNanos(System.nanoTime() - begun));
    listener.ended(report);
    return report;
  }

  private LossGuard lossGuard(Manifest manifest) {
    return lossGuard(manifest, List.of());
  }

  private LossGuard lossGuard(Manifest manifest, List<Loss> givenUp) {
    return new LossGuard(standby, manifest, asked.acceptLoss(), givenUp);
  }

  private Salvage salvage(Manifest manifest, Target target, LossGuard guard) {
    return new Salvage(standby, manifest, target, options, listener, guard, notes::add);
  }

  /** Before anything is changed: a standby of an encrypted source can't be opened without. */
  private void refusePassword(Manifest manifest, Target target) throws IOException {
    PasswordGuard.check(standby, manifest, options.password());
    if (LogFile.in(target.logDirectory()).isEmpty()) {
      return;
    }
    PasswordGuard.opening(options.password(), () -> Recover.endOfLog(standby.home(), options));
  }

  private static Manifest promoted(Manifest manifest, Lsn end) {
    return new Manifest(
        Manifest.FORMAT,
        Manifest.PROMOTED,
        manifest.epoch() + 1,
        manifest.source(),
        manifest.procedure(),
        manifest.archive(),
        manifest.layout(),
        manifest.copyMethod(),
        manifest.logDirectory(),
        manifest.firstNeeded(),
        Manifest.Position.of(end),
        new Manifest.Hold(false, "none"),
        null,
        Map.of(), // it is written by its new owner from now on
        manifest.snapshotAt(),
        Manifest.now(),
        manifest.drill(),
        manifest.ownOrder(),
        List.of());
  }
}
