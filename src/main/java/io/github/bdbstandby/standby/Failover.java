package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.GlobalTransactionId;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private final FailoverGuard guard;

  Failover(StandbyDirectory standby, FailoverOptions asked, RunListener listener) {
    this.standby = standby;
    this.asked = asked;
    this.options = EnvironmentOptions.ofPassword(asked.password());
    this.listener = listener;
    this.guard = new FailoverGuard(standby, asked, options, listener, notes::add);
  }

  /** What would be done; nothing is changed. */
  List<StepPlan> plan() throws IOException {
    return asked.takeOver() ? Replanning.of(standby, this::planNow) : planNow();
  }

  private List<StepPlan> planNow() throws IOException {
    refuseNoStandby();
    TreeGuard.check(standby);
    if (!asked.takeOver()) {
      TakeOver.refuseHeld(standby);
      StandbyUse.refuse(standby);
    } else {
      StandbyUse.refuseStrangers(standby);
    }
    DryRun.refuseUnended(standby, "failover");
    Manifest known = ManifestFile.ofStandby(standby);
    Manifest manifest = guard.withLogFound(known);
    Target target = standby.target(manifest);
    List<LogFile> salvageable = guard.salvageable(manifest, target);
    LossGuard losses = guard.losses(manifest, List.of());
    DryRun.gather(
        standby.incoming(),
        salvageable,
        incoming ->
            guard
                .salvage(
                    manifest,
                    new Target(target.home(), target.logDirectory(), incoming, target.held()),
                    losses)
                .gather());
    StringBuilder salvaging =
        new StringBuilder("salvage what the source's log has beyond the standby's");
    guard
        .otherLog(known, manifest.source().logPath())
        .ifPresent(note -> salvaging.append("; ").append(note));
    losses.losses().forEach(loss -> salvaging.append("; given up: ").append(loss));
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
      try (StandbyLock lock = TakeOver.unasked(standby)) {
        return runLocked(start);
      }
    }
    if (StandbyLock.isHeld(standby)) {
      Replanning.refuse(standby, this::refuseBeforehand);
    }
    try (TakeOver.Taken taken = TakeOver.lock(standby)) {
      return taken.telling(() -> runLocked(start));
    }
  }

  /** What needs no lock: while this is refused, the other run had better go on. */
  private void refuseBeforehand() throws IOException {
    StandbyUse.refuseStrangers(standby);
    Optional<Manifest> manifest = ManifestFile.read(standby.manifest());
    if (manifest.isPresent()) {
      guard.refusePassword(manifest.get(), standby.target(manifest.get()));
      guard.refuseMissing(manifest.get());
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
    new Leftovers(standby).clear();
  }

  private Promotion promote(Manifest known, long start) throws IOException {
    Manifest manifest = guard.withLogFound(known);
    Target target = standby.target(manifest);
    Optional<DbConfig> config = Optional.ofNullable(manifest.promotedConfig()).map(DbConfig::parse);
    DbConfig found = DbConfig.of(standby.home());
    DbConfig before = manifest.configBefore(found);
    if (!before.equals(found)) {
      configure(before);
    }
    new Leftovers(standby).clear(); // before room is asked for
    guard.salvageable(manifest, target);
    long begun = System.nanoTime();
    List<Loss> givenUp = asked.fence() ? guard.objectTo(manifest, target) : List.of();
    notes.clear();
    notes.addAll(lostPage);
    guard.otherLog(known, manifest.source().logPath()).ifPresent(notes::add);
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
    LossGuard losses = guard.losses(manifest, givenUp);
    Salvage salvage = guard.salvage(manifest, target, losses);
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
    List<GlobalTransactionId> prepared =
        new PrimaryRecovery(target, options, listener).run(salvage.lastStage(), end, logs, bytes);
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
    SyncArchive.note(standby).ifPresent(notes::add);
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
                salvage.remaining().seen().size(),
                logs.size(),
                logs.stream().map(LogFile::number).findFirst(),
                logs.stream().map(LogFile::number).reduce((a, b) -> b)),
            promoted.recoveredTo().lsn(),
            promoted.epoch(),
            Duration.ofNanos(System.nanoTime() - start),
            notes);
    return new Promotion(cycle, fenced, prepared, losses.losses());
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

  private StepReport report(StepName name, long files, long bytes, long begun) {
    StepReport report =
        new StepReport(name, files, bytes, Duration.ofNanos(System.nanoTime() - begun));
    listener.ended(report);
    return report;
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
