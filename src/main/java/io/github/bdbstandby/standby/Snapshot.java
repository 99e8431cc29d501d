package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.libdb.CachedFile;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogSequenceException;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogArchive;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every step of the procedure: builds a whole new image beside whatever the standby holds, recovers
 * it there, and switches. Until the switch the old standby serves.
 */
final class Snapshot {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

  private final StandbyDirectory standby;
  private final SourceRequest request;
  private final SnapshotOptions options;
  private final RunListener listener;
  private EnvironmentFiles present;

  Snapshot(
      StandbyDirectory standby,
      SourceRequest request,
      SnapshotOptions options,
      RunListener listener) {
    this.standby = standby;
    this.request = request;
    this.options = options;
    this.listener = listener;
  }

  /** What would be done; all guards, nothing changed. */
  List<StepPlan> plan() throws IOException {
    Optional<Manifest> old = refuseTarget();
    try (Source source = new SourceGuard(request).open()) {
      refuseSource(source);
      try (Cycle cycle = cycle(source, old, standby.home())) {
        return StepRunner.plan(options.procedure().steps(), cycle);
      }
    }
  }

  CycleReport run() throws IOException {
    long start = System.nanoTime();
    refuseTarget();
    try (Source source = new SourceGuard(request).open()) {
      refuseSource(source);
      boolean made = !Files.exists(standby.home());
      boolean marked = Files.exists(standby.marks());
      try (StandbyLock lock = StandbyLock.take(standby)) {
        LOG.debug("holding {}", lock);
        new Journal(standby).finish();
        Optional<Manifest> old = refuseTarget(); // again, now that nobody else can change it
        return take(source, old, start);
      } catch (IOException | RuntimeException e) {
        boolean others = e instanceof StandbyException known && known.reason() == Reason.LOCKED;
        if (!marked && !others && !Files.exists(standby.manifest())) {
          undo(made);
        }
        throw e;
      }
    }
  }

  /** The same for a caller that holds the standby's lock. */
  CycleReport runLocked() throws IOException {
    long start = System.nanoTime();
    try (Source source = new SourceGuard(request).open()) {
      refuseSource(source);
      return take(source, refuseTarget(), start);
    }
  }

  private CycleReport take(Source source, Optional<Manifest> old, long start) throws IOException {
    clean();
    BulkGuard bulk = new BulkGuard(source);
    boolean standing = old.isPresent() && bulk.stands(old.get().hold());
    Manifest.Hold hold = standing ? old.get().hold() : bulk.take();
    boolean good = false;
    try {
      if (options.checkpoint() && source.sharing() != Sharing.NOBODY) {
        source.checkpoint();
      }
      Files.createDirectories(standby.image());
      Manifest next;
      List<StepReport> steps;
      List<Long> needed;
      Cycle cycle = cycle(source, old, standby.image());
      try (cycle) {
        StepRunner runner = new StepRunner(listener);
        List<Step> procedure = options.procedure().steps();
        steps = new ArrayList<>(runner.run(procedure.subList(0, 1), cycle));
        // What lies there before the log is gathered: whatever comes or goes later is in the log.
        present = source.files();
        cycle.gather();
        int recover = procedure.size() - 1;
        steps.addAll(runner.run(procedure.subList(1, recover), cycle));
        Map<String, Manifest.FileAtRest> known = FilesAtRest.of(standby.image(), cycle.copied());
        steps.addAll(runner.run(procedure.subList(recover, procedure.size()), cycle));
        refuseMissing(cycle);
        refuseIntruder(source);
        next = manifest(source, cycle, hold, old, known);
        needed = numbers(cycle.target().logDirectory());
      }
      new Journal(standby).switchTo(next);
      FileUtils.deleteDirectory(standby.imageLogs().toFile());
      // What waited for the old standby; the new one has all of it.
      FileUtils.deleteDirectory(standby.incoming().toFile());
      good = true;
      MoveInactiveLogs.release(cycle);

      return new CycleReport(
          "snapshot",
          source.home(),
          standby.home(),
          options.procedure().word(),
          cycle.copyMethod().word(),
          steps,
          new CycleReport.Logs(
              cycle.retained(),
              needed.size(),
              needed.stream().findFirst(),
              needed.stream().reduce((a, b) -> b)),
          cycle.recoveredTo(),
          next.epoch(),
          Duration.ofNanos(System.nanoTime() - start),
          List.of());
    } finally {
      if (!good) {
        if (!standing) {
          bulk.release(hold);
        }
        if (!new Journal(standby).isOpen()) {
          clean();
        }
      }
    }
  }

  /** A database that recovery has lost is not passed over in silence; the old standby stays. */
  private static void refuseMissing(Cycle cycle) throws IOException {
    Optional<String> missing = cycle.stops().missing(cycle.filesOfTarget());
    if (missing.isPresent()) {
      throw new CycleFailedException(
          Reason.UNRESOLVED_DATABASE,
          missing.get() + ": was renamed meanwhile, and recovery did not bring it",
          "run it again",
          null);
    }
  }

  private void clean() throws IOException {
    FileUtils.deleteDirectory(standby.image().toFile());
    FileUtils.deleteDirectory(standby.imageLogs().toFile());
  }

  /** A first snapshot that failed leaves nothing behind. */
  private void undo(boolean made) throws IOException {
    FileUtils.deleteDirectory(standby.marks().toFile());
    if (made) {
      Files.deleteIfExists(standby.home());
    }
  }

  private Optional<Manifest> refuseTarget() throws IOException {
    PathGuard.check(request.home(), standby.home(), options.archive());
    Optional<Manifest> manifest = ManifestFile.read(standby.manifest());
    if (manifest.isEmpty()) {
      if (!standby.isEmpty() && !standby.isOnlyMarks() && !new Journal(standby).isOpen()) {
        throw new RefusedException(
            Reason.STANDBY_NOT_EMPTY,
            standby.home() + ": not empty, and not a standby of ours",
            "give a directory that is empty or does not exist yet");
      }
      return manifest;
    }
    if (manifest.get().isPromoted()) {
      throw new RefusedException(
          Reason.PROMOTED,
          standby.home() + ": was failed over, and is a primary now",
          "give another directory, or empty this one if its data is no longer wanted");
    }
    Sync.refuseOtherSource(standby, manifest.get(), request.home());
    return manifest;
  }

  private void refuseSource(Source source) throws IOException {
    if (source.files().databases().isEmpty() && source.logFiles().isEmpty()) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          source.home() + ": holds neither databases nor log files",
          "give the environment's home: --home");
    }
    refuseLogHole(source);
    refuseForeign(source);
    refuseNames(source);
    EnvironmentFiles files = source.files();
    if (options.layout() == Layout.FLAT) {
      refuseCollision(source, files);
    }
    long bytes = files.databaseBytes();
    for (OtherFile other : files.others()) {
      bytes += other.size();
    }
    long first = source.firstNeeded().orElse(1);
    for (LogFile log : source.logFiles()) {
      bytes += log.number() >= first ? Files.size(log.path()) : 0;
    }
    try {
      Path existing = standby.home().toAbsolutePath();
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      CopyMethodChoice methods = new CopyMethodChoice(source.sharing(), options.copy(), existing);
      boolean cloned = true;
      for (DatabaseFile file : files.databases()) {
        cloned &=
            methods.in(file.path().toAbsolutePath().getParent())
                == io.github.bdbstandby.copy.CopyMethod.REFLINK;
      }
      methods.in(source.home());
      SpaceGuard.check(standby.home(), cloned ? bytes - files.databaseBytes() : bytes);
    } catch (NoPageAtomicReadException e) {
      throw new RefusedException(
          Reason.NO_PAGE_ATOMIC_READ,
          e.getMessage(),
          "put the environment on ext4 (data=ordered) or XFS, or run the backup inside the"
              + " application",
          e);
    }
  }

  /** The shared cache knows files by the names they were opened by, also where none is logged. */
  private static void refuseForeign(Source source) {
    if (source.sharing() == Sharing.NOBODY) {
      return;
    }
    for (CachedFile file : source.ask(DbEnvironment::cachedFiles)) {
      Path path = Path.of(file.name());
      if (path.isAbsolute() && Files.exists(path)) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            path + ": open in the environment by its absolute path",
            "have the application open it by a name relative to the home or a data directory");
      }
    }
  }

  private static void refuseLogHole(Source source) throws IOException {
    Lsn flushed = source.flushed();
    List<LogFile> logs = source.logFiles();
    if (flushed.offset() > 0 && logs.stream().noneMatch(log -> log.number() >= flushed.file())) {
      throw new RefusedException(
          Reason.LOG_GAP,
          source.logDirectory().resolve(LogFile.nameOf(flushed.file()))
              + ": missing, though the environment has written its log up to "
              + flushed,
          "give the log directory that the application sets in code: --log-dir");
    }
    long expected = source.firstNeeded().orElse(1);
    for (LogFile log : logs) {
      if (log.number() < expected) {
        continue;
      }
      if (log.number() != expected) {
        throw new RefusedException(
            Reason.LOG_GAP,
            source.logDirectory().resolve(LogFile.nameOf(expected))
                + ": recovery of a copy needs this log file, and it is gone",
            "put it back, or force a checkpoint in the source: --checkpoint");
      }
      expected++;
    }
  }

  /** Early, to spare the copying; what counts is the inspection of what was gathered. */
  private static void refuseNames(Source source) throws IOException {
    if (source.logFiles().isEmpty()) {
      return;
    }
    EnvironmentFiles files = source.files();
    try {
      Lsn from = new Lsn(source.firstNeeded().orElse(1), 0);
      source.ask(
          log -> {
            refuseNames(source, log, from, files);
            return null;
          });
    } catch (LogSequenceException e) {
      LOG.debug("log files are removed as we look", e);
    }
  }

  private static void refuseNames(
      Source source, DbEnvironment log, Lsn from, EnvironmentFiles files) {
    NameGuard names = new NameGuard(source.home(), source.dataDirectories());
    Optional<NameGuard.Objection> objection = names.scan(log, from, Lsn.ZERO);
    if (objection.isEmpty()) {
      objection = names.unresolved(files);
    }
    if (objection.isPresent()) {
      throw new RefusedException(
          objection.get().reason(), objection.get().message(), objection.get().hint());
    }
  }

  private void refuseCollision(Source source, EnvironmentFiles files) {
    Map<Path, Path> taken = new HashMap<>();
    List<Path> all = new ArrayList<>();
    files.databases().forEach(file -> all.add(file.relative()));
    files.others().forEach(file -> all.add(file.relative()));
    for (Path each : all) {
      Path other = taken.put(options.layout().place(each, source.dataDirectories()), each);
      if (other != null) {
        throw new RefusedException(
            Reason.NAME_COLLISION,
            each + " and " + other + ": would have the same name in a flat standby",
            "use the mirror layout");
      }
    }
  }

  /** An environment that nobody had open when we began must not have been opened since. */
  private static void refuseIntruder(Source source) throws IOException {
    if (source.sharing() == Sharing.NOBODY
        && (DbEnvironment.hasRegionFiles(source.home())
            || OpenFiles.below(source.home()).isPresent())) {
      throw new CycleFailedException(
          Reason.PRIVATE_ENVIRONMENT,
          source.home() + ": was opened by somebody while it was being copied",
          "try again, now that it is open",
          null);
    }
  }

  private Cycle cycle(Source source, Optional<Manifest> old, Path home) throws IOException {
    Optional<Target.Held> held =
        old.map(
            m ->
                new Target.Held(
                    standby.home().resolve(m.logDirectory()).normalize(), m.recoveredTo().lsn()));
    Path existing = standby.home();
    while (!Files.exists(existing)) {
      existing = existing.toAbsolutePath().getParent();
    }
    return new Cycle(
        source,
        new Target(
            home,
            source.logDirectoryIn(home, options.layout()),
            standby.imageLogs(),
            options.procedure() == Procedure.LONG ? held : Optional.empty()),
        options.layout(),
        options.archive().map(LogArchive::new),
        new CopyMethodChoice(source.sharing(), options.copy(), existing),
        Sync.targetOptions(request),
        0,
        OptionalLong.empty(),
        (log, first, end) -> refuseNames(source, log, new Lsn(first, 0), present),
        listener);
  }

  private static List<Long> numbers(Path logDirectory) throws IOException {
    return LogFile.in(logDirectory).stream().map(LogFile::number).toList();
  }

  private Manifest manifest(
      Source source,
      Cycle cycle,
      Manifest.Hold hold,
      Optional<Manifest> old,
      Map<String, Manifest.FileAtRest> known)
      throws IOException {
    Path image = cycle.target().home();
    Map<String, String> sources = new HashMap<>();
    for (OtherFile file : source.files().others()) {
      sources.put(
          options.layout().place(file.relative(), source.dataDirectories()).toString(),
          Sync.stamp(file));
    }
    String now = Sync.now();
    return new Manifest(
        Manifest.FORMAT,
        Manifest.STANDBY,
        old.map(Manifest::epoch).orElse(1L),
        new Manifest.SourceIdentity(
            source.home().toRealPath().toString(),
            request.options().dataDirectories(),
            request.options().logDirectory().orElse(null),
            source.logDirectory().toString(),
            source.ask(DbEnvironment::encrypted)),
        options.procedure().word(),
        options.archive().map(path -> path.toAbsolutePath().toString()).orElse(null),
        options.layout().word(),
        cycle.copyMethod().word(),
        image.relativize(cycle.target().logDirectory()).toString(),
        cycle.nextFirstNeeded(),
        Manifest.Position.of(cycle.recoveredTo()),
        hold,
        Manifest.promotedConfig(source.promotedConfig(options.layout())),
        FilesAtRest.list(image, cycle.target().logDirectory(), known, sources, true),
        now,
        now);
  }
}
