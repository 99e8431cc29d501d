package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Archiving;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.LogArchive;
import io.github.bdbstandby.procedure.LogInspector;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.procedure.StepRunner;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.MoveInactiveLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every step of the procedure: builds a whole new image beside whatever the standby holds, recovers
 * it there, and switches. Until the switch the old standby serves.
 */
final class Snapshot {
  private static final String LOST =
      ": the source's log names this database, and the source does not have it: recovery after a"
          + " crash may have lost it there. The standby does not have it either";
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

  private final StandbyDirectory standby;
  private final SourceRequest request;
  private final SnapshotOptions options;
  private final RunListener listener;
  private final SnapshotGuard guard;
  private final FailedSnapshot failed;
  private EnvironmentFiles present;
  private boolean unasked;
  private Runnable beforeSwitch = () -> {};

  Snapshot(
      StandbyDirectory standby,
      SourceRequest request,
      SnapshotOptions options,
      RunListener listener) {
    this.standby = standby;
    this.request = request;
    this.options = options;
    this.listener = listener;
    this.guard = new SnapshotGuard(standby, request, options);
    this.failed = new FailedSnapshot(standby);
  }

  /** Has something done when all is copied, and before the standby's files change. */
  Snapshot doingBeforeSwitch(Runnable work) {
    beforeSwitch = work;
    return this;
  }

  /** What would be done; all guards, nothing changed. */
  List<StepPlan> plan() throws IOException {
    Optional<Manifest> old = guard.refuseTarget();
    try (Source source = new SourceGuard(request).open()) {
      refuseSource(source);
      StandbyLock.refuseHeld(standby);
      StandbyUse.refuse(standby);
      DryRun.refuseDamaged(standby);
      try (Cycle cycle = cycle(source, old, standby.home())) {
        guard.refuseConflicts(cycle);
        return StepRunner.plan(guard.keeping().procedure().steps(), cycle);
      }
    }
  }

  CycleReport run() throws IOException {
    long start = System.nanoTime();
    guard.refuseTarget();
    try (Source source = new SourceGuard(request).open()) {
      refuseSourceOrLeftovers(source);
      boolean made = !Files.exists(standby.home());
      boolean marked = Files.exists(standby.marks());
      try (StandbyLock lock = StandbyLock.take(standby)) {
        LOG.debug("holding {}", lock);
        return takeOrUndo(source, marked, made, start);
      }
    }
  }

  /** They may be all that is left of a source: they go only where room is all that is wanting. */
  private void refuseSourceOrLeftovers(Source source) throws IOException {
    try {
      refuseSource(source);
    } catch (RefusedException e) {
      if (e.reason() != Reason.DISK_FULL || !new Leftovers(standby).areThere()) {
        throw e;
      }
      StandbyLock.take(standby).close();
      refuseSource(source);
    }
  }

  private void refuseSource(Source source) throws IOException {
    new SnapshotAttempts(source).look(() -> guard.refuseSource(source));
  }

  private CycleReport takeOrUndo(Source source, boolean marked, boolean made, long start)
      throws IOException {
    try {
      if (made) {
        FileModes.sameDirectory(source.home(), standby.home());
      }
      StandbyUse.refuse(standby);
      new Journal(standby).finish(LOG::warn);
      Optional<Manifest> old = guard.refuseTarget(); // again, now that nobody else can change it
      return take(source, old, start);
    } catch (IOException | RuntimeException e) {
      // A switch that was begun is not undone but ended, by whoever comes next.
      boolean begun = Files.exists(standby.manifest()) || new Journal(standby).isOpen();
      if (!marked && !begun) {
        Cleanup.after(e, () -> failed.undo(made));
      }
      throw e;
    }
  }

  /** The same for a caller that holds the standby's lock, and that nobody has asked for it. */
  CycleReport runLocked() throws IOException {
    unasked = true;
    long start = System.nanoTime();
    new Journal(standby).finish(LOG::warn); // an open one needs the image that is cleared away here
    Optional<Manifest> old = guard.refuseTarget(); // by how it is kept the source is judged
    try (Source source = new SourceGuard(request).open()) {
      refuseSource(source);
      return take(source, old, start);
    }
  }

  private CycleReport take(Source source, Optional<Manifest> old, long start) throws IOException {
    try (Cycle cycle = cycle(source, old, standby.image())) {
      guard.refuseConflicts(cycle);
    }
    return new SnapshotAttempts(source).take(() -> takeOnce(source, old, start));
  }

  private CycleReport takeOnce(Source source, Optional<Manifest> old, long start)
      throws IOException {
    Optional<ReplacedStandby> replaced =
        old.flatMap(m -> ReplacedStandby.of(standby, m, source, request.targetOptions()));
    if (replaced.isPresent() && unasked) {
      replaced.get().refuseMore();
    }
    failed.clean();
    MarksJson.prepare(Journal.Entry.class);
    SnapshotHold hold = SnapshotHold.take(standby, source, old);
    boolean good = false;
    try {
      if (options.checkpoint()) {
        source.opened().ifPresent(OpenedSource::checkpoint);
      }
      Files.createDirectories(standby.image());
      Manifest next;
      List<StepReport> steps;
      List<Long> needed;
      Optional<OnlyThere> former = Optional.empty();
      Optional<String> unarchived;
      Optional<String> unshipped;
      Cycle cycle = cycle(source, old, standby.image());
      try (cycle) {
        StepRunner runner = new StepRunner(listener);
        List<Step> procedure = guard.keeping().procedure().steps();
        steps = new ArrayList<>(runner.run(procedure.subList(0, 1), cycle));
        // What lay there before the log is gathered: whatever came or went later is in the log.
        present = cycle.present();
        cycle.log().gather();
        hold.refuseGone(source);
        SnapshotNames.refuseAstray(cycle);
        int recover = procedure.size() - 1;
        steps.addAll(runner.run(procedure.subList(1, recover), cycle));
        Map<String, Manifest.FileAtRest> known = FilesAtRest.of(standby.image(), cycle.copied());
        steps.addAll(runner.run(procedure.subList(recover, procedure.size()), cycle));
        SnapshotNames.refuseMissing(cycle);
        SnapshotGuard.refuseIntruder(source);
        next =
            new ImageManifest(standby, request, guard.keeping(), cycle)
                .of(hold.taken(), old, known);
        needed = numbers(cycle.target().logDirectory());
        former = old.isPresent() ? Optional.empty() : former(source);
        new SwitchRoom(standby).check(next);
        new SwitchWay(standby, request.home()).checkImage();
        if (replaced.isPresent()) {
          replaced.get().checkRoom();
        }
        if (former.isPresent()) {
          former.get().checkRoom();
        }
        unarchived = SyncArchive.settleLast(standby, old, guard.keeping());
        beforeSwitch.run();
        unshipped = new ShippedBeside(standby, request.targetOptions()).end(cycle);
        StandbyUse.refuse(standby); // by now
        if (replaced.isEmpty()) {
          replaced = committedSince(source, old);
        }
      }
      new Journal(standby).switchTo(next, former.map(OnlyThere::leaving), replaced);
      good = true;
      List<String> notes = new ArrayList<>(hold.notes());
      unshipped.ifPresent(why -> notes.add("what was logged since is not shipped: " + why));
      former.map(OnlyThere::notes).ifPresent(notes::addAll);
      replaced.map(ReplacedStandby::note).ifPresent(notes::add);
      unarchived.ifPresent(notes::add);
      cycle
          .log()
          .stops()
          .lost()
          .values()
          .forEach(name -> notes.add(FileNames.escaped(name) + LOST));
      MoveInactiveLogs.release(cycle);

      return new CycleReport(
          "snapshot",
          source.home(),
          standby.home(),
          guard.keeping().procedure().word(),
          cycle.copyMethod().word(),
          steps,
          new CycleReport.Logs(
              cycle.log().retained(),
              needed.size(),
              needed.stream().findFirst(),
              needed.stream().reduce((a, b) -> b)),
          cycle.recoveredTo(),
          next.epoch(),
          Duration.ofNanos(System.nanoTime() - start),
          notes);
    } catch (IOException | RuntimeException | Error e) {
      if (!good) {
        Cleanup.after(e, hold::giveBack);
        if (!new Journal(standby).isOpen()) {
          Cleanup.after(e, failed::clean);
        }
      }
      throw e;
    }
  }

  /** Who has opened the standby while it was copied may have gone again, and left commits. */
  private Optional<ReplacedStandby> committedSince(Source source, Optional<Manifest> old)
      throws IOException {
    if (old.isEmpty()
        || new OwnCommits(standby, old.get(), request.targetOptions()).broken().isEmpty()) {
      return Optional.empty();
    }
    Optional<ReplacedStandby> since =
        ReplacedStandby.of(standby, old.get(), source, request.targetOptions());
    if (since.isPresent() && unasked) {
      since.get().refuseMore();
    }
    if (since.isPresent()) {
      since.get().checkRoom();
    }
    return since;
  }

  private Optional<OnlyThere> former(Source source) throws IOException {
    Optional<FormerPrimary> former = FormerPrimary.of(request.home(), standby);
    return former.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OnlyThere(
                former.get(), source.logDirectory(), standby.image(), request.targetOptions()));
  }

  private Cycle cycle(Source source, Optional<Manifest> old, Path home) throws IOException {
    Optional<Target.Held> held = old.flatMap(m -> standby.target(m).held());
    return new Cycle(
        source,
        new Target(
            home,
            source.logDirectoryIn(home, guard.keeping().layout()),
            standby.imageLogs(),
            guard.keeping().procedure() == Procedure.LONG ? held : Optional.empty()),
        guard.keeping().layout(),
        guard.keeping().archive().map(path -> archiving(path, old)),
        guard.methods(),
        options.limits(),
        request.targetOptions(),
        0,
        OptionalLong.empty(),
        new LogInspector(NameGuard.TYPES, log -> SnapshotNames.refuse(source, log, present)),
        listener);
  }

  /** A directory that was there once, and is not, may be on a disk that is away. */
  private Archiving archiving(Path archive, Optional<Manifest> old) {
    boolean isNew = old.flatMap(Manifest::archivePath).filter(archive::equals).isEmpty();
    return new Archiving(
        new LogArchive(archive),
        standby.unarchived(),
        isNew ? Archiving.Need.REQUIRED_NEW : Archiving.Need.REQUIRED);
  }

  private static List<Long> numbers(Path logDirectory) throws IOException {
    return LogFile.in(logDirectory).stream().map(LogFile::number).toList();
  }
}
