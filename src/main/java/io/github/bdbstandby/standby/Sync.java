package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogArchive;
import io.github.bdbstandby.procedure.LogInspector;
import io.github.bdbstandby.procedure.LogShipper;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The steps after the first, once: brings a standby up to date in its own place. */
final class Sync {
  private static final int MOST_STOPS = 8;

  private final StandbyDirectory standby;
  private final SyncOptions options;
  private final RunListener listener;
  private Optional<LogShipper> shared = Optional.empty();
  private EnvironmentFiles present;

  Sync(StandbyDirectory standby, SyncOptions options, RunListener listener) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
  }

  /** As one of many cycles: by a shipper that goes on between them, and without summing. */
  Sync following(LogShipper shipper) {
    shared = Optional.of(shipper);
    return this;
  }

  static String now() {
    return Instant.now().toString();
  }

  /** The standby's directories are all in its DB_CONFIG. */
  static EnvironmentOptions targetOptions(SourceRequest request) {
    EnvironmentOptions.Builder builder = EnvironmentOptions.builder();
    request.password().ifPresent(builder::password);
    return builder.build();
  }

  static void refuseOtherSource(StandbyDirectory standby, Manifest manifest, Path home)
      throws IOException {
    if (!PathGuard.real(home).toString().equals(manifest.source().home())) {
      throw new RefusedException(
          Reason.OTHER_SOURCE,
          standby.home() + ": is a standby of " + manifest.source().home() + ", not of " + home,
          "give that home, or another directory for this one's standby");
    }
  }

  /**
   * The manifest of a standby that can be worked on.
   *
   * @throws RefusedException {@code not-a-standby} or {@code promoted}
   */
  static Manifest manifest(StandbyDirectory standby) throws IOException {
    Manifest manifest =
        ManifestFile.read(standby.manifest())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_A_STANDBY,
                        standby.home() + ": not a standby of ours, or no snapshot was ever whole",
                        "make it one: bdb-standby snapshot --home HOME --standby "
                            + standby.home()));
    if (manifest.isPromoted()) {
      throw new RefusedException(
          Reason.PROMOTED,
          standby.home() + ": was failed over, and is a primary now",
          "make another directory its standby, with this one as --home");
    }
    return manifest;
  }

  /** What would be done; all guards, nothing changed. */
  List<StepPlan> plan() throws IOException {
    if (new Journal(standby).isOpen()) {
      throw new RefusedException(
          Reason.LOCKED,
          standby.home() + ": a snapshot was cut off while it took its place",
          "run 'sync' without --dry-run: it ends that first");
    }
    Manifest manifest = manifest(standby);
    SourceRequest request = request(manifest);
    try (Source source = open(request)) {
      IncomingLogs.Assessment assessment = assess(source, manifest);
      Lsn from = manifest.recoveredTo().lsn();
      refuseFull(source, assessment);
      present = source.files();
      source.readLog(
          from,
          log -> {
            refuseNames(source, log, from, layout(manifest));
            return null;
          });
      new BulkGuard(source).check(manifest.hold(), from);
      try (Cycle cycle = cycle(source, request, manifest, assessment, LogInspector.NONE)) {
        return StepRunner.plan(procedure(manifest).repeatableSteps(), cycle);
      }
    }
  }

  CycleReport run() throws IOException {
    long start = System.nanoTime();
    if (!new Journal(standby).isOpen()) {
      request(manifest(standby)); // refuse before the lock file is touched
    }
    try (StandbyLock lock = StandbyLock.take(standby)) {
      new Journal(standby).finish();
      Manifest manifest = manifest(standby);
      SourceRequest request = request(manifest);
      try (Source source = open(request)) {
        return bringForward(source, request, manifest, assess(source, manifest), start);
      }
    }
  }

  SourceRequest request(Manifest manifest) throws IOException {
    Optional<SourceRequest> asked = options.source();
    if (asked.isPresent()) {
      refuseOtherSource(standby, manifest, asked.get().home());
    }
    Path home = asked.map(SourceRequest::home).orElse(Path.of(manifest.source().home()));
    Optional<byte[]> secret = asked.flatMap(SourceRequest::password).or(options::password);
    EnvironmentOptions opening = manifest.sourceOptions(secret);
    boolean attached = asked.flatMap(SourceRequest::attached).isPresent();
    if (asked.isPresent()
        && !(!attached
            && asked.get().options().dataDirectories().isEmpty()
            && asked.get().options().logDirectory().isEmpty())) {
      opening = asked.get().options();
    }
    SourceRequest request = asked.orElse(new SourceRequest(home, opening)).with(opening);
    if (!options.passive() && !request.passive()) {
      return request;
    }
    if (procedure(manifest) == Procedure.LONG) {
      throw new RefusedException(
          Reason.NOT_PASSIVE,
          standby.home()
              + ": its procedure moves log files out of the source, which --passive may not",
          "leave --passive out, or take a snapshot by the short procedure elsewhere");
    }
    return request.passively();
  }

  /**
   * A directory that became absolute after the snapshot: the standby as it is knows nothing of it.
   */
  static Source open(SourceRequest request) throws IOException {
    try {
      return new SourceGuard(request).open();
    } catch (RefusedException e) {
      if (e.reason() == Reason.ABSOLUTE_PATH) {
        throw new SnapshotNeededException(e.reason(), e.getMessage() + "; " + e.hint(), e);
      }
      throw e;
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
    refuseFull(source, assessment);
    BulkGuard bulk = new BulkGuard(source);
    boolean standing = bulk.stands(manifest.hold());
    Manifest.Hold hold = standing ? manifest.hold() : bulk.take();
    boolean good = false;
    LogInspector inspector =
        (log, first, end) -> {
          Lsn begin = first > from.file() ? new Lsn(first, 0) : from;
          refuseNames(source, log, begin, layout(manifest));
          if (!standing && source.opened().isPresent()) {
            BulkGuard.refuseAdditions(log, begin, source.home());
          }
        };
    try (Cycle cycle = cycle(source, request, manifest, assessment, inspector)) {
      shared.ifPresent(cycle::shareShipper);
      if (options.checkpoint()) {
        source.opened().ifPresent(OpenedSource::checkpoint);
      }
      for (LogFile spoilt : assessment.spoilt()) {
        DurableFiles.delete(spoilt.path());
      }
      present = source.files();
      gather(cycle);
      CycleReport report = apply(source, request, manifest, hold, cycle, start);
      good = true;
      return report;
    } finally {
      if (!good && !standing) {
        bulk.release(hold);
      }
    }
  }

  private void refuseFull(Source source, IncomingLogs.Assessment assessment) throws IOException {
    long bytes = 0;
    for (LogFile log : source.logFiles()) {
      bytes += log.number() >= assessment.shipFrom() ? Files.size(log.path()) : 0;
    }
    SpaceGuard.check(standby.home(), bytes);
  }

  /** What was objected to does not stay: a failover would let it in. */
  private void gather(Cycle cycle) throws IOException {
    Map<Path, Long> before = new HashMap<>();
    if (Files.isDirectory(standby.incoming())) {
      for (LogFile log : LogFile.in(standby.incoming())) {
        before.put(log.path(), Files.size(log.path()));
      }
    }
    boolean made = !Files.exists(standby.incoming());
    try {
      cycle.gather();
      refuseManyStops(cycle);
    } catch (StandbyException e) {
      shared.ifPresent(LogShipper::stop);
      for (LogFile log : LogFile.in(standby.incoming())) {
        Long size = before.get(log.path());
        if (size == null) {
          Files.delete(log.path());
        } else {
          PlainCopier.truncate(log.path(), size);
        }
      }
      if (made) {
        Files.delete(standby.incoming());
      }
      DurableFiles.syncDirectory(standby.marks());
      throw e;
    }
  }

  /** Each stop replays the log once more: beyond a few a snapshot is sooner done. */
  private static void refuseManyStops(Cycle cycle) {
    if (cycle.stops().stops().size() > MOST_STOPS) {
      throw new SnapshotNeededException(
          Reason.UNRESOLVED_DATABASE,
          cycle.source().home()
              + ": many databases were made and renamed since the last sync, from "
              + cycle.stops().stops().get(0)
              + " on; recovery would take longer than a new snapshot");
    }
  }

  /** A database that recovery has lost all the same is not passed over in silence. */
  private static void refuseMissing(Cycle cycle) throws IOException {
    Optional<String> missing = cycle.stops().missing(cycle.filesOfTarget());
    if (missing.isPresent()) {
      throw new SnapshotNeededException(
          Reason.UNRESOLVED_DATABASE,
          cycle.target().home() + ": recovery did not bring the renamed database " + missing.get());
    }
  }

  private CycleReport apply(
      Source source,
      SourceRequest request,
      Manifest manifest,
      Manifest.Hold hold,
      Cycle cycle,
      long start)
      throws IOException {
    Map<String, String> stamps =
        new OtherFiles(standby).refresh(source, manifest, layout(manifest));
    StepRunner runner = new StepRunner(listener);
    List<Step> repeatable = procedure(manifest).repeatableSteps();
    int recover = repeatable.size() - 1;
    List<StepReport> steps = new ArrayList<>(runner.run(repeatable.subList(0, recover), cycle));
    Map<String, Manifest.FileAtRest> before = new HashMap<>(manifest.files());
    cycle.copied().keySet().forEach(copy -> before.remove(copy.toString()));
    before.putAll(FilesAtRest.of(standby.home(), cycle.copied()));
    steps.addAll(runner.run(repeatable.subList(recover, repeatable.size()), cycle));
    refuseMissing(cycle);
    Manifest next =
        new Manifest(
            Manifest.FORMAT,
            Manifest.STANDBY,
            manifest.epoch(),
            new Manifest.SourceIdentity(
                manifest.source().home(),
                request.options().dataDirectories(),
                request.options().logDirectory().orElse(null),
                source.logDirectory().toString(),
                manifest.source().encrypted()),
            manifest.procedure(),
            manifest.archive(),
            manifest.layout(),
            manifest.copyMethod(),
            manifest.logDirectory(),
            Math.max(manifest.firstNeeded(), cycle.nextFirstNeeded()),
            Manifest.Position.of(cycle.recoveredTo()),
            hold,
            Manifest.promotedConfig(source.promotedConfig(layout(manifest))),
            FilesAtRest.list(
                standby.home(), cycle.target().logDirectory(), before, stamps, shared.isEmpty()),
            manifest.snapshotAt(),
            now(),
            manifest.drill());
    ManifestFile.write(standby.manifest(), next);
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
            cycle.retained(),
            logs.size(),
            logs.stream().findFirst(),
            logs.stream().reduce((a, b) -> b)),
        cycle.recoveredTo(),
        manifest.epoch(),
        Duration.ofNanos(System.nanoTime() - start),
        new BulkGuard(source).notes());
  }

  private static Procedure procedure(Manifest manifest) {
    return Procedure.parse(manifest.procedure());
  }

  private static Layout layout(Manifest manifest) {
    return Layout.parse(manifest.layout());
  }

  Target target(Manifest manifest) {
    Path logs = standby.home().resolve(manifest.logDirectory()).normalize();
    return new Target(
        standby.home(),
        logs,
        standby.incoming(),
        Optional.of(new Target.Held(logs, manifest.recoveredTo().lsn())));
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
        target(manifest),
        layout(manifest),
        Optional.ofNullable(manifest.archive()).map(Path::of).map(LogArchive::new),
        new CopyMethodChoice(source.sharing(), Optional.empty(), standby.home()),
        CopyLimits.NONE,
        targetOptions(request),
        manifest.firstNeeded(),
        OptionalLong.of(assessment.shipFrom()),
        inspector,
        listener);
  }

  /**
   * Whether the source still continues the standby, and from where.
   *
   * @throws SnapshotNeededException if it does not
   */
  IncomingLogs.Assessment assess(Source source, Manifest manifest) throws IOException {
    Target target = target(manifest);
    IncomingLogs.Assessment assessment =
        new IncomingLogs(target.held().orElseThrow(), target.incoming(), source.logDirectory())
            .assess(source.logFiles());
    if (assessment.broken().isPresent()) {
      throw new SnapshotNeededException(
          assessment.broken().get().reason(), assessment.broken().get().message());
    }
    for (long number = manifest.firstNeeded(); number < manifest.recoveredTo().file(); number++) {
      Path needed = target.logDirectory().resolve(LogFile.nameOf(number));
      if (!Files.exists(needed)) {
        throw new SnapshotNeededException(
            Reason.LOG_GAP, needed + ": the standby's recovery needs it, and it is gone");
      }
    }
    return assessment;
  }

  private void refuseNames(Source source, DbEnvironment log, Lsn from, Layout layout) {
    NameGuard names = new NameGuard(source.home(), source.dataDirectories());
    Optional<NameGuard.Objection> objection = names.scan(log, from, Lsn.ZERO);
    if (objection.isEmpty()) {
      objection = names.unresolved(present);
    }
    if (objection.isEmpty() && layout == Layout.FLAT) {
      objection = names.madeInDataDirectory();
    }
    if (objection.isPresent()) {
      throw new SnapshotNeededException(
          objection.get().reason(), objection.get().message() + "; " + objection.get().hint());
    }
  }
}
