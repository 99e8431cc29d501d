package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.HeldLogException;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogInspector;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.procedure.StepRunner;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.MoveInactiveLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The steps after the first, once: brings a standby up to date in its own place. */
final class Sync {
  private final StandbyDirectory standby;
  private final SyncOptions options;
  private final RunListener listener;
  private final SyncGuard guard;
  private Optional<LogShipper> shared = Optional.empty();
  private EnvironmentFiles present;
  private final SyncArchive archive;

  /** Whether the manifest may say that the hold is taken. */
  private boolean recorded;

  Sync(StandbyDirectory standby, SyncOptions options, RunListener listener) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
    this.guard = new SyncGuard(standby);
    this.archive = new SyncArchive(standby);
  }

  private KnownSource source() {
    return new KnownSource(standby, options);
  }

  /** As one of many cycles: by a shipper that goes on between them, and without summing. */
  Sync following(LogShipper shipper) {
    shared = Optional.of(shipper);
    return this;
  }

  /** Without asking the archive, which has failed lately. */
  Sync withoutArchive() {
    archive.pause();
    return this;
  }

  /** Why log files that were due are not in the archive, though the standby was brought forward. */
  Optional<CycleFailedException> archiveFailure() {
    return archive.failure();
  }

  /** What would be done; all guards, nothing changed. */
  List<StepPlan> plan() throws IOException {
    refuseRequest();
    TreeGuard.check(standby);
    StandbyLock.refuseHeld(standby);
    StandbyUse.refuse(standby);
    DryRun.refuseUnended(standby, "sync");
    Manifest manifest = ManifestFile.ofStandby(standby);
    SourceRequest request = source().request(manifest);
    try (Source source = KnownSource.open(request)) {
      IncomingLogs.Assessment assessment = guard.assess(source, manifest, request.targetOptions());
      guard.refuseChanged(manifest);
      Lsn from = manifest.recoveredTo().lsn();
      present = AccessGuard.reading(source::files);
      new SyncWay(standby, source, manifest).check(present);
      guard.refuseFull(source, manifest, assessment, present);
      boolean standing = new BulkGuard(source).stands(manifest.hold());
      if (!standing) {
        AccessGuard.askForCheckpoint(source);
      }
      Target target = standby.target(manifest);
      // Before libdb reads it, in the application's regions.
      SyncGuard.refuseHole(
          PlannedLog.files(source, manifest, target, assessment), source.logDirectory());
      boolean unheld = !standing && source.opened().isPresent();
      Set<LogRecordType> more = unheld ? BulkGuard.TYPES : Set.of();
      PlannedLog log =
          PlannedLog.read(source, manifest, target, assessment, request.targetOptions(), more);
      guard.refuseNames(source, log.records(), manifest, present);
      if (unheld) {
        BulkGuard.refuseAdditions(log.records(), from, source.home());
      }
      SyncGuard.refuseStops(log.stops(manifest, target), source.home());
      try (Cycle cycle = cycle(source, request, manifest, assessment, LogInspector.NONE)) {
        return StepRunner.plan(procedure(manifest).repeatableSteps(), cycle);
      }
    } catch (HeldLogException e) {
      throw SyncGuard.damaged(e);
    }
  }

  CycleReport run() throws IOException {
    long start = System.nanoTime();
    refuseRequest(); // before the lock file is touched
    TreeGuard.check(standby);
    try (StandbyLock lock = StandbyLock.take(standby)) {
      StandbyUse.refuse(standby);
      new Journal(standby).finish();
      Manifest manifest = ManifestFile.ofStandby(standby);
      SourceRequest request = source().request(manifest);
      try (Source source = KnownSource.open(request)) {
        IncomingLogs.Assessment assessment =
            guard.assess(source, manifest, request.targetOptions());
        guard.refuseChanged(manifest);
        CycleReport report = bringForward(source, request, manifest, assessment, start);
        Optional<CycleFailedException> unarchived = archiveFailure();
        if (unarchived.isPresent()) {
          throw unarchived.get();
        }
        return report;
      }
    }
  }

  private void refuseRequest() throws IOException {
    if (!new Journal(standby).isOpen()) {
      source().request(ManifestFile.ofStandby(standby));
    }
  }

  /** One cycle; the lock is held and the switch of an earlier snapshot is ended. */
  CycleReport bringForward(
      Source source,
      SourceRequest request,
      Manifest manifest,
      IncomingLogs.Assessment assessment,
      long start)
      throws IOException {
    Lsn from = manifest.recoveredTo().lsn();
    // Before the log is gathered: whatever comes or goes later is in it.
    present = AccessGuard.reading(source::files);
    new SyncWay(standby, source, manifest).check(present);
    archive.settle(manifest); // before room is asked for
    guard.refuseFull(source, manifest, assessment, present);
    BulkGuard bulk = new BulkGuard(source);
    boolean standing = bulk.stands(manifest.hold());
    if (!standing) {
      AccessGuard.askForCheckpoint(source);
    }
    Manifest.Hold hold = standing ? manifest.hold() : bulk.take(manifest.hold());
    boolean unheld = !standing && source.opened().isPresent();
    Set<LogRecordType> types = EnumSet.copyOf(NameGuard.TYPES);
    types.addAll(unheld ? BulkGuard.TYPES : Set.of());
    LogInspector inspector =
        new LogInspector(
            types,
            log -> {
              refuseNames(source, log, manifest);
              if (unheld) {
                BulkGuard.refuseAdditions(log, from, source.home());
              }
            });
    try (Cycle cycle = cycle(source, request, manifest, assessment, inspector)) {
      shared.ifPresent(cycle.log()::shareShipper);
      if (options.checkpoint()) {
        source.opened().ifPresent(OpenedSource::checkpoint);
      }
      gather(cycle, manifest, request, assessment);
      return apply(source, request, manifest, hold, cycle, start);
    } catch (IOException | RuntimeException | Error e) {
      if (!standing && !recorded) {
        Cleanup.after(e, () -> bulk.release(hold));
      }
      throw e;
    }
  }

  private void refuseNames(Source source, List<LogRecord> log, Manifest manifest) {
    try {
      guard.refuseNames(source, log, manifest, present);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void gather(
      Cycle cycle, Manifest manifest, SourceRequest request, IncomingLogs.Assessment assessment)
      throws IOException {
    IncomingBefore before = new IncomingBefore(standby);
    try {
      IncomingLogs.Assessment spoilt = assessment;
      for (int i = 0; i < assessment.spoilt().size() && !spoilt.spoilt().isEmpty(); i++) {
        SpoiltLog.mend(
            cycle.source(),
            cycle.target(),
            manifest,
            request.targetOptions(),
            spoilt,
            bytes -> listener.copied(StepName.COPY_LOGS, bytes));
        spoilt = guard.assess(cycle.source(), manifest, request.targetOptions());
      }
      cycle.log().gather();
      SyncGuard.refuseHole(LogFile.in(cycle.target().incoming()), cycle.source().logDirectory());
      SyncGuard.refuseStops(cycle.log().stops(), cycle.source().home());
      StandbyUse.refuseRegions(standby); // by now
      guard.refuseOwnCommits(manifest, request.targetOptions()); // who had it open may have gone
    } catch (StandbyException e) {
      throw takenBack(before, e);
    } catch (HeldLogException e) {
      throw takenBack(before, SyncGuard.damaged(e));
    }
  }

  private StandbyException takenBack(IncomingBefore before, StandbyException e) {
    shared.ifPresent(LogShipper::stop);
    Cleanup.after(e, before::takeBack);
    return e;
  }

  private CycleReport apply(
      Source source,
      SourceRequest request,
      Manifest manifest,
      Manifest.Hold hold,
      Cycle cycle,
      long start)
      throws IOException {
    MarksJson.prepare(Manifest.class);
    UnfinishedCycle unfinished = new UnfinishedCycle(standby);
    unfinished.begin();
    OtherFiles others = new OtherFiles(standby, source, manifest);
    others.refresh();
    StepRunner runner = new StepRunner(listener);
    List<Step> repeatable = procedure(manifest).repeatableSteps();
    int recover = repeatable.size() - 1;
    List<StepReport> steps = new ArrayList<>(runner.run(repeatable.subList(0, recover), cycle));
    Map<String, Manifest.FileAtRest> before = new HashMap<>(FilesAtRest.known(manifest));
    cycle.copied().keySet().forEach(copy -> before.remove(FileNames.toName(copy)));
    before.putAll(FilesAtRest.of(standby.home(), cycle.copied()));
    steps.addAll(runner.run(repeatable.subList(recover, repeatable.size()), cycle));
    SyncGuard.refuseMissing(cycle.target(), cycle.log().wrong());
    others.refreshLeft();
    Map<String, Manifest.FileAtRest> files =
        FilesAtRest.list(
            standby.home(),
            cycle.target().logDirectory(),
            Optional.of(Originals.of(source, layout(manifest))),
            before,
            others.stamps(),
            cycle.pageWrites(),
            shared.isEmpty());
    FilesAtRest.settle(files);
    Manifest next =
        new Manifest(
            Manifest.FORMAT,
            Manifest.STANDBY,
            manifest.epoch(),
            new Manifest.SourceIdentity(
                manifest.source().home(),
                request.options().dataDirectories(),
                request.options().logDirectory().orElse(null),
                Manifest.SourceIdentity.logDirectory(source),
                manifest.source().encrypted()),
            manifest.procedure(),
            manifest.archive(),
            manifest.layout(),
            manifest.copyMethod(),
            manifest.logDirectory(),
            Math.max(manifest.firstNeeded(), cycle.log().nextFirstNeeded()),
            Manifest.Position.of(cycle.recoveredTo()),
            hold,
            Manifest.promotedConfig(others.config().promoted()),
            files,
            manifest.snapshotAt(),
            Manifest.now(),
            manifest.drill(),
            List.copyOf(OwnOrder.union(manifest.ownOrder(), options.ownOrder())),
            manifest.lostAtSource());
    recorded = true;
    ManifestFile.write(standby.manifest(), next);
    unfinished.end();
    MoveInactiveLogs.release(cycle);
    List<Long> logs =
        LogFile.in(cycle.target().logDirectory()).stream().map(LogFile::number).toList();
    return new CycleReport(
        shared.isPresent() ? "follow" : "sync",
        source.home(),
        standby.home(),
        manifest.procedure(),
        manifest.copyMethod(),
        steps,
        new CycleReport.Logs(
            cycle.log().retained(),
            logs.size(),
            logs.stream().findFirst(),
            logs.stream().reduce((a, b) -> b)),
        cycle.recoveredTo(),
        manifest.epoch(),
        Duration.ofNanos(System.nanoTime() - start),
        Stream.of(new BulkGuard(source).notes(), others.config().notes(), archive.notes(manifest))
            .flatMap(List::stream)
            .toList());
  }

  private static Procedure procedure(Manifest manifest) {
    return Procedure.parse(manifest.procedure());
  }

  private static Layout layout(Manifest manifest) {
    return Layout.parse(manifest.layout());
  }

  private Cycle cycle(
      Source source,
      SourceRequest request,
      Manifest manifest,
      IncomingLogs.Assessment assessment,
      LogInspector inspector)
      throws IOException {
    return new Cycle(
        source,
        standby.target(manifest),
        layout(manifest),
        archive.of(manifest),
        new CopyMethodChoice(source.sharing(), Optional.empty(), standby.home()),
        CopyLimits.NONE,
        request.targetOptions(),
        manifest.firstNeeded(),
        OptionalLong.of(assessment.shipFrom()),
        inspector,
        listener);
  }
}
