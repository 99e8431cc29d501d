package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.HeldLogException;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a sync refuses, before anything is changed and on the way. */
final class SyncGuard {
  /** Beyond this a snapshot is sooner done. */
  static final int MOST_STOPS = 24;

  private final StandbyDirectory standby;

  SyncGuard(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** The log that is due, and the application's files that have changed. */
  void refuseFull(
      Source source,
      Manifest manifest,
      IncomingLogs.Assessment assessment,
      EnvironmentFiles present)
      throws IOException {
    long bytes = 0;
    for (LogFile log : source.logFiles()) {
      bytes += log.number() >= assessment.shipFrom() ? log.size() : 0;
    }
    DiskRoom room = new DiskRoom();
    room.add(standby.home(), bytes + SpaceGuard.MARGIN);
    Path logs = standby.target(manifest).logDirectory();
    if (!SpaceGuard.isShared(logs, standby.home())) {
      room.add(logs, bytes + SpaceGuard.MARGIN);
    }
    new OtherFiles(standby, source, manifest).coming(present).forEach(room::replace);
    room.check();
  }

  /**
   * Recovery would build on what somebody else has written to the standby, or on what its disk has
   * made of it. What a cycle of ours that was cut off has changed is another matter.
   */
  void refuseChanged(Manifest manifest) throws IOException {
    if (new UnfinishedCycle(standby).stands()) {
      return;
    }
    FilesAtRest.changed(standby.home(), manifest).ifPresent(SyncGuard::refuseChanged);
  }

  /** The same between two cycles of a follower, by a look at their names. */
  void refuseGone(Manifest manifest) {
    if (!new UnfinishedCycle(standby).stands()) {
      FilesAtRest.gone(standby.home(), manifest).stream()
          .findFirst()
          .ifPresent(SyncGuard::refuseChanged);
    }
  }

  private static void refuseChanged(Path changed) {
    throw new SnapshotNeededException(Reason.DAMAGED, describeChanged(changed));
  }

  /** What the user should know of a file that was changed. */
  static String describeChanged(Path changed) {
    return FileNames.shown(changed)
        + (Files.exists(changed) ? ": is not as" : ": is not there, where")
        + " the last cycle left it: somebody else has changed it, or its disk has";
  }

  /** The log that the standby's recovery would read again, and could not. */
  static SnapshotNeededException damaged(HeldLogException e) {
    return new SnapshotNeededException(
        Reason.DAMAGED, "the standby's own log is damaged: " + e.getMessage(), e);
  }

  /** Each stop replays the log once more: beyond a few a snapshot is sooner done. */
  static void refuseStops(RecoveryStops stops, Path home) {
    List<RecoveryStops.Stage> early = stops.early();
    if (early.size() > MOST_STOPS) {
      throw new SnapshotNeededException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.shown(home)
              + ": many databases had the same name in turn since the last sync, from "
              + early.get(0).end().orElseThrow()
              + " on; recovery would take longer than a new snapshot");
    }
    // One that could be brought now, and not by the next cycle, nor by a failover, must not be.
    stops.astray().or(stops::stranded).ifPresent(SyncGuard::refuseAstray);
  }

  private static void refuseAstray(String name) {
    throw new SnapshotNeededException(
        Reason.UNRESOLVED_DATABASE,
        FileNames.escaped(name)
            + ": was made, renamed or removed in a way that recovery of the standby would not follow");
  }

  /**
   * libdb reads on behind a log file that was cut short, and its recovery then fails.
   *
   * @param shipped or to be, ascending
   * @param sourceLogs where it came from
   */
  static void refuseHole(List<LogFile> shipped, Path sourceLogs) throws IOException {
    Optional<LogFile> cut = LogEnd.firstCut(shipped);
    if (cut.isPresent()) {
      throw new SnapshotNeededException(
          Reason.LOG_GAP,
          IncomingLogs.cutShort(sourceLogs.resolve(cut.get().path().getFileName())));
    }
  }

  /** A database that recovery has lost all the same is not passed over in silence. */
  static void refuseMissing(Target recovered, Optional<String> wrong) {
    if (wrong.isPresent()) {
      throw new CycleFailedException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.shown(recovered.home())
              + ": recovery did not follow a renaming: "
              + wrong.get(),
          "take a new snapshot: this standby has what it had but for that database",
          null);
    }
  }

  /**
   * Whether the source still continues the standby, and from where.
   *
   * @param options the password of its log, if it has one
   * @throws SnapshotNeededException if it does not
   */
  IncomingLogs.Assessment assess(Source source, Manifest manifest, EnvironmentOptions options)
      throws IOException {
    return assess(source, source.logFiles(), manifest, options);
  }

  /** The same by a list of the source's log files that was made before. */
  IncomingLogs.Assessment assess(
      Source source, List<LogFile> atSource, Manifest manifest, EnvironmentOptions options)
      throws IOException {
    Target target = standby.target(manifest);
    refuseOwnCommits(manifest, options);
    IncomingLogs incoming = IncomingLogs.of(target, source, manifest, options);
    IncomingLogs.Assessment assessment = AccessGuard.reading(() -> incoming.assess(atSource));
    if (assessment.broken().isPresent()) {
      throw SnapshotNeededException.of(assessment.broken().get());
    }
    AccessGuard.askForReading(
        atSource.stream().filter(log -> log.number() >= assessment.shipFrom()).map(LogFile::path));
    Optional<Path> missing = new RequiredLog(standby, manifest).firstMissing();
    if (missing.isPresent()) {
      throw new SnapshotNeededException(Reason.LOG_GAP, RequiredLog.describe(missing.get()));
    }
    return assessment;
  }

  /** What was committed in the standby itself since that was looked at. */
  void refuseOwnCommits(Manifest manifest, EnvironmentOptions options) throws IOException {
    Optional<IncomingLogs.Break> own = new OwnCommits(standby, manifest, options).broken();
    if (own.isPresent()) {
      throw SnapshotNeededException.of(own.get());
    }
  }

  /** Names by which recovery would leave the standby, or find nothing. */
  void refuseNames(Source source, List<LogRecord> log, Manifest manifest, EnvironmentFiles present)
      throws IOException {
    Lsn from = manifest.recoveredTo().lsn();
    Layout layout = Layout.parse(manifest.layout());
    NameGuard names = new NameGuard(source.home(), source.dataDirectories());
    Optional<NameGuard.Objection> objection = names.read(log, from);
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
    Target target = standby.target(manifest);
    List<String> unlogged =
        new UnloggedFiles(source.home(), source.dataDirectories(), present, target, layout)
            .found(names.registrations(), log, from, new UnfinishedCycle(standby).stands())
            .lost();
    if (!unlogged.isEmpty()) {
      throw new SnapshotNeededException(Reason.UNRESOLVED_DATABASE, unlogged.get(0));
    }
  }
}
