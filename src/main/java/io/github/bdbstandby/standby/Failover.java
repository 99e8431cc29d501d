package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.LogIntake;
import io.github.bdbstandby.procedure.steps.Recover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.FileUtils;

/**
 * Turns a standby into a primary: salvages what can still be read of the source's last logs,
 * recovers, takes the marks off. The source is read file by file and never joined: its regions may
 * have died with a lock held.
 */
final class Failover {

  private final StandbyDirectory standby;
  private final EnvironmentOptions options;
  private final RunListener listener;
  private final List<String> notes = new ArrayList<>();
  private Lsn gatheredTo = Lsn.ZERO;
  private RecoveryStops stops = RecoveryStops.NONE;

  Failover(StandbyDirectory standby, Optional<byte[]> password, RunListener listener) {
    this.standby = standby;
    EnvironmentOptions.Builder builder = EnvironmentOptions.builder();
    password.ifPresent(builder::password);
    this.options = builder.build();
    this.listener = listener;
  }

  /** What would be done; nothing is changed. */
  List<StepPlan> plan() throws IOException {
    Manifest manifest = Sync.manifest(standby);
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : salvageable(manifest, target(manifest))) {
      files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
    }
    return List.of(
        new StepPlan(
            StepName.COPY_LOGS, "salvage what the source's log has beyond the standby's", files),
        new StepPlan(
            StepName.RECOVER,
            "run catastrophic recovery in " + standby.home() + " and take the standby marks off",
            List.of()));
  }

  CycleReport run() throws IOException {
    long start = System.nanoTime();
    if (!new Journal(standby).isOpen()) {
      Sync.manifest(standby);
    }
    try (StandbyLock lock = StandbyLock.take(standby)) {
      new Journal(standby).finish();
      return promote(Sync.manifest(standby), start);
    }
  }

  private CycleReport promote(Manifest manifest, long start) throws IOException {
    Target target = target(manifest);
    refusePassword(manifest, target);
    List<StepReport> steps = new ArrayList<>();
    long begun = System.nanoTime();
    List<Long> salvaged = salvage(manifest, target);
    steps.add(
        report(
            StepName.COPY_LOGS,
            salvaged.size(),
            salvaged.stream().mapToLong(Long::longValue).sum(),
            begun));
    begun = System.nanoTime();
    List<LogFile> logs = LogFile.in(target.logDirectory());
    long bytes = 0;
    for (LogFile log : logs) {
      bytes += Files.size(log.path());
    }
    Lsn end = Lsn.ZERO;
    if (!logs.isEmpty()) {
      listener.began(StepName.RECOVER, 0);
      end = salvaged.isEmpty() ? manifest.recoveredTo().lsn() : gatheredTo;
      DbEnvironment.recover(
          standby.home(),
          RecoveryOptions.catastrophic(Recover.withCache(options, bytes)),
          listener::recovered);
    }
    stops
        .missing(present(target))
        .ifPresent(
            name ->
                notes.add(
                    name
                        + ": recovery did not bring this renamed database; look for it at "
                        + manifest.source().home()));
    steps.add(report(StepName.RECOVER, logs.size(), bytes, begun));
    if (manifest.promotedConfig() != null) {
      DurableFiles.write(
          standby.home().resolve(DbConfig.FILE),
          manifest.promotedConfig().getBytes(StandardCharsets.ISO_8859_1));
    }
    Manifest promoted = promoted(manifest, end);
    FileUtils.deleteDirectory(standby.incoming().toFile());
    FileUtils.deleteDirectory(standby.image().toFile());
    ManifestFile.write(standby.manifest(), promoted);
    return new CycleReport(
        "failover",
        Path.of(manifest.source().home()),
        standby.home(),
        manifest.procedure(),
        manifest.copyMethod(),
        steps,
        new CycleReport.Logs(
            sourceLogs(manifest).size(),
            logs.size(),
            logs.stream().map(LogFile::number).findFirst(),
            logs.stream().map(LogFile::number).reduce((a, b) -> b)),
        end,
        promoted.epoch(),
        Duration.ofNanos(System.nanoTime() - start),
        notes);
  }

  private StepReport report(StepName name, long files, long bytes, long begun) {
    StepReport report =
        new StepReport(name, files, bytes, Duration.ofNanos(System.nanoTime() - begun));
    listener.ended(report);
    return report;
  }

  private Target target(Manifest manifest) {
    Path logs = standby.home().resolve(manifest.logDirectory()).normalize();
    return new Target(
        standby.home(),
        logs,
        standby.incoming(),
        Optional.of(new Target.Held(logs, manifest.recoveredTo().lsn())));
  }

  /** Before anything is changed: a standby of an encrypted source can't be opened without. */
  private void refusePassword(Manifest manifest, Target target) throws IOException {
    PasswordGuard.check(standby, manifest, options.password());
    if (LogFile.in(target.logDirectory()).isEmpty()) {
      return;
    }
    PasswordGuard.opening(options.password(), () -> Recover.endOfLog(standby.home(), options));
  }

  private List<LogFile> sourceLogs(Manifest manifest) {
    Path directory = Path.of(manifest.source().logDirectory());
    try {
      return Files.isDirectory(directory)
          ? LogFile.in(directory).stream().filter(Failover::hasBytes).toList()
          : List.of();
    } catch (IOException e) {
      return List.of(); // gone with its disk
    }
  }

  private static boolean hasBytes(LogFile log) {
    try {
      return Files.size(log.path()) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The source's log files that go beyond what waits here; a note says why there are none. */
  private List<LogFile> salvageable(Manifest manifest, Target target) throws IOException {
    Path directory = Path.of(manifest.source().logDirectory());
    List<LogFile> logs = sourceLogs(manifest);
    if (logs.isEmpty()) {
      notes.add(directory + ": no log files can be read there; the standby is promoted as it is");
      return List.of();
    }
    IncomingLogs.Assessment assessment = incoming(target, directory).assess(logs);
    if (assessment.broken().isPresent()) {
      notes.add("nothing salvaged: " + assessment.broken().get().message());
      return List.of();
    }
    return logs.stream().filter(log -> log.number() >= assessment.shipFrom()).toList();
  }

  private static IncomingLogs incoming(Target target, Path directory) {
    return new IncomingLogs(target.held().orElseThrow(), target.incoming(), directory);
  }

  /** Ships what is left at the source, and lets in all that was ever shipped. */
  private List<Long> salvage(Manifest manifest, Target target) throws IOException {
    Path directory = Path.of(manifest.source().logDirectory());
    List<LogFile> logs = salvageable(manifest, target);
    if (!logs.isEmpty()) {
      IncomingLogs.Assessment assessment = incoming(target, directory).assess(logs);
      for (LogFile spoilt : assessment.spoilt()) {
        DurableFiles.delete(spoilt.path());
      }
      try (LogShipper shipper =
          new LogShipper(
              directory,
              target.incoming(),
              assessment.shipFrom(),
              bytes -> listener.copied(StepName.COPY_LOGS, bytes))) {
        shipper.ship();
      } catch (LogGapException e) {
        notes.add("not all salvaged: " + e.getMessage());
      }
    }
    List<LogFile> waiting = incoming(target, directory).waiting();
    if (waiting.isEmpty() || !incoming(target, directory).continueStandby(waiting)) {
      return List.of();
    }
    refuseNames(manifest, target, waiting.get(0).number());
    stops = stops(manifest, target, waiting.get(0).number());
    LogIntake.pauseAt(target, stops.stops(), options);
    return LogIntake.place(target, incoming(target, directory).waiting());
  }

  private EnvironmentFiles present(Target target) throws IOException {
    return EnvironmentFiles.in(
        standby.home(), target.logDirectory(), FilesAtRest.excluded(standby.home()));
  }

  private RecoveryStops stops(Manifest manifest, Target target, long first) throws IOException {
    EnvironmentFiles present = present(target);
    try (DbEnvironment log =
        DbEnvironment.openPrivate(target.incoming(), Set.of(Subsystem.LOG), options)) {
      return RecoveryStops.find(log, new Lsn(first, 0), manifest.recoveredTo().lsn(), present);
    }
  }

  /** A name opened by absolute path since the last sync would make recovery write at the source. */
  private void refuseNames(Manifest manifest, Target target, long first) throws IOException {
    NameGuard names =
        new NameGuard(
            Path.of(manifest.source().home()),
            manifest.source().dataDirectories().stream().map(Path::of).toList());
    Lsn from = manifest.recoveredTo().lsn();
    try (DbEnvironment log =
        DbEnvironment.openPrivate(target.incoming(), Set.of(Subsystem.LOG), options)) {
      gatheredTo = log.logStatus().end();
      Optional<NameGuard.Objection> objection =
          names
              .scan(log, first > from.file() ? new Lsn(first, 0) : from, Lsn.ZERO)
              .filter(each -> each.reason() == Reason.ABSOLUTE_PATH);
      if (Layout.parse(manifest.layout()) == Layout.FLAT) {
        names.madeInDataDirectory().ifPresent(each -> notes.add(each.message()));
      }
      if (objection.isPresent()) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            objection.get().message(),
            "to promote the standby as it was after its last sync, move the source's log files out"
                + " of "
                + manifest.source().logDirectory()
                + " and empty "
                + target.incoming());
      }
    }
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
        Sync.now(),
        manifest.drill());
  }
}
