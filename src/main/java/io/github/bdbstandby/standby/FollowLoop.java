package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.NoSpaceException;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.procedure.LogCutException;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.SourceStuckException;
import io.github.bdbstandby.procedure.StandbyRecoveryException;
import io.github.bdbstandby.procedure.StepName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a standby in step with its source until the thread is interrupted: ships new log every
 * {@code shipInterval}, applies it every {@code interval}.
 *
 * <p>What was shipped is durable beside the standby and survives both the source and us; a failover
 * applies it. A source that is away is waited for, one whose regions were made anew is joined anew.
 */
final class FollowLoop {
  private static final Logger LOG = LoggerFactory.getLogger(FollowLoop.class);

  private final StandbyDirectory standby;
  private final FollowOptions options;
  private final StandbyListener listener;
  private final FollowMonitor monitor;
  private final Optional<DrillTimer> drills;
  private final FollowSnapshots snapshots;
  private final FollowWaits waits;
  private boolean worked;

  /**
   * One that has not begun.
   *
   * @param listener is told of each cycle
   * @param monitor is told of all
   */
  FollowLoop(
      StandbyDirectory standby,
      FollowOptions options,
      StandbyListener listener,
      FollowMonitor monitor) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
    this.monitor = monitor;
    this.waits = new FollowWaits(standby, monitor);
    this.drills = options.drillInterval().map(interval -> new DrillTimer(standby, interval));
    this.snapshots = new FollowSnapshots(standby, options, listener, monitor);
  }

  /** Whether it has gone beyond its first look: made a cycle, or waited for the source. */
  boolean hasWorked() {
    return worked || waits.hasWaited();
  }

  /** Returns when the thread is interrupted; its flag stays set. */
  void run() throws IOException {
    try {
      if (!new Journal(standby).isOpen()) {
        source().request(ManifestFile.ofStandby(standby)); // refuse before the lock file is touched
      }
      runLocked();
    } catch (InterruptedException | ClosedByInterruptException e) {
      monitor.stopped();
      Thread.currentThread().interrupt();
    }
  }

  private void runLocked() throws IOException, InterruptedException {
    try (StandbyLock lock = StandbyLock.take(standby)) {
      StandbyUse.refuse(standby);
      finishOrNeedSnapshot();
      monitor.started(options);
      followUntilStopped(lock);
      monitor.stopped();
    }
  }

  /** Ends what was cut off; what can't be ended asks for a snapshot. */
  private Optional<SnapshotNeededException> finishOrNeedSnapshot() throws IOException {
    try {
      new Journal(standby).finish();
      return Optional.empty();
    } catch (SnapshotNeededException e) {
      if (!options.snapshotOnGap()) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  private void followUntilStopped(StandbyLock lock) throws IOException, InterruptedException {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        followUntilTrouble();
      }
    } catch (InterruptedException | IOException | RuntimeException e) {
      if (!lock.isAskedFor()) {
        throw e;
      }
      LOG.debug("let go", e);
    }
    if (lock.isAskedFor()) {
      LOG.info("standby={} event=let-go reason=failover", FileNames.shown(standby.home()));
      Thread.interrupted(); // it was no one else's interrupt
    }
  }

  private SyncOptions syncOptions() {
    return new SyncOptions(
        options.source(), options.password(), false, options.passive(), options.ownOrder());
  }

  private KnownSource source() {
    return new KnownSource(standby, syncOptions());
  }

  private Sync sync() {
    return new Sync(standby, syncOptions(), listener);
  }

  private void followUntilTrouble() throws IOException, InterruptedException {
    Optional<SnapshotNeededException> needed;
    try {
      StandbyUse.refuseRegions(standby);
      needed = finishOrNeedSnapshot(); // what the trouble before has cut off
    } catch (IOException e) {
      if (!waits.forRoom(e)) {
        throw e;
      }
      return;
    }
    Manifest manifest = ManifestFile.ofStandby(standby);
    TreeGuard.check(standby);
    SourceRequest request = source().request(manifest);
    if (needed.isPresent()) {
      snapshot(request, manifest, needed.get());
      return;
    }
    Optional<String> regions = regionsOf(request);
    try (Source source = KnownSource.open(request)) {
      followJoined(source, request);
    } catch (SnapshotNeededException e) {
      if (e.isSourceBehind() && options.snapshotOnGap()) {
        waits.forSource(request, e.reason(), e.getMessage());
      } else {
        snapshot(request, manifest, e);
      }
    } catch (LogCutException e) {
      LOG.debug("looked at from the beginning", e);
    } catch (LogGapException e) {
      gap(request, manifest, e);
    } catch (CycleFailedException e) {
      if (e.reason() != Reason.UNRESOLVED_DATABASE) {
        throw e;
      }
      snapshot(request, manifest, new SnapshotNeededException(e.reason(), e.getMessage(), e));
    } catch (RefusedException e) {
      refused(request, manifest, regions, e);
    } catch (SourceStuckException e) {
      waits.forRegions(request, regions, e);
    } catch (RunRecoveryException e) {
      // Its regions are gone; they will be made anew.
      waits.forSource(request, Reason.NO_ENVIRONMENT, e.getMessage());
    } catch (OperationCancelledException e) {
      throw new InterruptedException(e.getMessage()); // as the log was read
    } catch (NoSpaceException e) {
      waits.forRoom(Guarded.noSpace(e));
    } catch (UncheckedIOException e) {
      troubled(request, e.getCause());
    } catch (IOException e) {
      troubled(request, e);
    }
  }

  private void gap(SourceRequest request, Manifest manifest, LogGapException e)
      throws IOException, InterruptedException {
    Optional<RefusedException> away = SourceLog.away(e.missing().getParent());
    if (away.isPresent()) {
      waits.forSource(request, away.get().reason(), away.get().getMessage());
    } else {
      snapshot(request, manifest, new SnapshotNeededException(Reason.LOG_GAP, e.getMessage(), e));
    }
  }

  /** What a cycle ends with that has to do with files. */
  private void troubled(SourceRequest request, IOException e)
      throws IOException, InterruptedException {
    if (Thread.currentThread().isInterrupted() || e instanceof ClosedByInterruptException) {
      throw new InterruptedException();
    }
    if (waits.forRoom(e)) {
      return;
    }
    if (e instanceof StandbyRecoveryException) { // wherever the source is
      throw e;
    }
    Optional<RefusedException> away = AccessGuard.atSource(request.home(), e);
    if (away.isPresent()) { // whoever closed it or took it away may put it back
      waits.forSource(request, away.get().reason(), away.get().getMessage());
      return;
    }
    if (Files.isDirectory(request.home())) {
      throw e;
    }
    waits.forSource(request, Reason.NO_ENVIRONMENT, e.getMessage());
  }

  private void snapshot(SourceRequest request, Manifest manifest, SnapshotNeededException why)
      throws IOException, InterruptedException {
    if (!options.snapshotOnGap()) {
      throw why;
    }
    worked = true;
    Optional<String> regions = regionsOf(request);
    try {
      snapshots.take(request, manifest, why);
    } catch (RefusedException e) {
      refused(request, manifest, regions, e);
    }
  }

  private void refused(
      SourceRequest request, Manifest manifest, Optional<String> regions, RefusedException e)
      throws IOException, InterruptedException {
    boolean isWithoutLog = e.reason() == Reason.NOT_TRANSACTIONAL;
    if (isWithoutLog && (hasWorked() || KnownSource.isLogWhereItWas(request, manifest))) {
      waits.forSource(request, e.reason(), e.getMessage()); // it had one: that is away
    } else {
      waits.after(request, regions, e);
    }
  }

  private static Optional<String> regionsOf(SourceRequest request) throws IOException {
    return RegionsIdentity.of(request.home()).map(RegionsIdentity::text);
  }

  /** Until the source's regions are made anew, or something is wrong. */
  private void followJoined(Source source, SourceRequest request)
      throws IOException, InterruptedException {
    String regions = new BulkGuard(source).regions();
    boolean joined = false;
    while (regions.equals(new BulkGuard(source).regions())) {
      Manifest manifest = ManifestFile.ofStandby(standby);
      List<LogFile> atSource = SourceLog.toFollow(source, standby);
      IncomingLogs.Assessment assessment =
          new SyncGuard(standby).assess(source, atSource, manifest, request.targetOptions());
      if (!joined) { // one that can't be followed yet is not back
        StandbyUse.refuse(standby);
        new SyncGuard(standby).refuseChanged(manifest);
        monitor.joined(source.home());
        joined = true;
      }
      if (!assessment.spoilt().isEmpty()) {
        monitor.shipped(
            SpoiltLog.mend(
                source,
                standby.target(manifest),
                manifest,
                request.targetOptions(),
                assessment,
                bytes -> listener.copied(StepName.COPY_LOGS, bytes)));
        continue;
      }
      try (LogShipper shipper =
          new LogShipper(
                  source.logDirectory(),
                  standby.incoming(),
                  assessment.shipFrom(),
                  bytes -> listener.copied(StepName.COPY_LOGS, bytes))
              .keeping()) {
        shipAndApply(source, request, shipper, regions);
      }
    }
  }

  /** Ships on a thread of its own, which does not wait while the log is applied. */
  private void shipAndApply(
      Source source, SourceRequest request, LogShipper shipper, String regions)
      throws IOException, InterruptedException {
    long next = System.nanoTime();
    long applied = -1;
    ChangedFiles changed = new ChangedFiles(standby, source);
    shipper.ship();
    shipper.start(options.shipInterval());
    while (regions.equals(new BulkGuard(source).regions())) {
      do { // a source that is never done is drilled all the same
        monitor.shipped(shipper.takeGrowth());
        drill(request);
        sleepUntil(next);
      } while (System.nanoTime() < next);
      next += options.interval().toNanos();
      next = Math.max(next, System.nanoTime()); // a cycle that took longer is not made up for
      source.flush();
      // Listed first: what is removed from now on, the shipper has open.
      List<LogFile> atSource = SourceLog.toFollow(source, standby);
      shipper.ship();
      monitor.shipped(shipper.takeGrowth());
      long shipped = shipper.total();
      if (shipped == applied && !changed.areThere()) {
        continue;
      }
      StandbyUse.refuseRegions(standby);
      Manifest manifest = ManifestFile.ofStandby(standby);
      IncomingLogs.Assessment assessment =
          new SyncGuard(standby).assess(source, atSource, manifest, request.targetOptions());
      new SyncGuard(standby).refuseGone(manifest);
      if (!assessment.spoilt().isEmpty()) {
        return; // the source has rewritten the end of its log: ship that again
      }
      CycleReport report =
          sync()
              .following(shipper)
              .bringForward(source, request, manifest, assessment, System.nanoTime());
      worked = true;
      snapshots.succeeded();
      monitor.applied(report);
      listener.cycleEnded(report);
      applied = shipped;
      changed.cycleEnded();
    }
  }

  /** Drills if it is time to. */
  private void drill(SourceRequest request) throws IOException, InterruptedException {
    if (drills.isEmpty() || !drills.get().isDue()) {
      return;
    }
    drills.get().begin();
    try {
      monitor.drilled(
          Guarded.call(
              new Verification(standby, drillOptions(request), true, RunListener.NONE)::runLocked));
    } catch (StandbyException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      monitor.drillFailed(e); // the standby is followed all the same
    }
  }

  private VerifyOptions drillOptions(SourceRequest request) {
    return new VerifyOptions(request.password(), options.ownOrder());
  }

  private void sleepUntil(long next) throws InterruptedException {
    long left = next - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, options.shipInterval().toNanos()));
    }
  }
}
