package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.StepName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Follows a source that is joined: ships new log every {@code shipInterval}, applies it every
 * {@code interval}, and drills in between. For one thread, which holds the standby's lock.
 */
final class FollowCycles {
  private final StandbyDirectory standby;
  private final FollowOptions options;
  private final StandbyListener listener;
  private final FollowMonitor monitor;
  private final FollowSnapshots snapshots;
  private final Optional<DrillTimer> drills;
  private final ArchiveRetries archive = new ArchiveRetries();
  private boolean applied;

  /**
   * None yet.
   *
   * @param snapshots are told that one can be taken again
   */
  FollowCycles(
      StandbyDirectory standby,
      FollowOptions options,
      StandbyListener listener,
      FollowMonitor monitor,
      FollowSnapshots snapshots) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
    this.monitor = monitor;
    this.snapshots = snapshots;
    this.drills = options.drillInterval().map(interval -> new DrillTimer(standby, interval));
  }

  /** Whether one has been made. */
  boolean haveApplied() {
    return applied;
  }

  /** Until the source's regions are made anew, or something is wrong. */
  void follow(Source source, SourceRequest request) throws IOException, InterruptedException {
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
    long done = -1;
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
      if (shipped == done && !changed.areThere() && !archive.isDue()) {
        continue;
      }
      StandbyUse.refuseRegions(standby);
      ForeignLog.refuse(source);
      Manifest manifest = ManifestFile.ofStandby(standby);
      IncomingLogs.Assessment assessment =
          new SyncGuard(standby).assess(source, atSource, manifest, request.targetOptions());
      new SyncGuard(standby).refuseGone(manifest);
      if (!assessment.spoilt().isEmpty()) {
        return; // the source has rewritten the end of its log: ship that again
      }
      Sync sync = new Sync(standby, options.ofCycle(), listener).following(shipper);
      boolean asked = archive.mayBeAsked();
      CycleReport report =
          (asked ? sync : sync.withoutArchive())
              .bringForward(source, request, manifest, assessment, System.nanoTime());
      if (asked) {
        archive.asked(sync.archiveFailure());
      }
      applied = true;
      snapshots.succeeded();
      tell(report);
      done = shipped;
      changed.cycleEnded();
    }
  }

  private void tell(CycleReport report) {
    Optional<CycleFailedException> failing = archive.failing();
    if (failing.isEmpty()) {
      monitor.applied(report);
      listener.cycleEnded(report);
      return;
    }
    monitor.applied(report, failing.get());
    LastError.note(standby, failing.get().reason(), failing.get().getMessage());
    listener.cycleEnded(report.noting(failing.get().getMessage() + "; " + failing.get().hint()));
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
