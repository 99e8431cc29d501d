package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.NoSpaceException;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.procedure.LogCutException;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.SourceStuckException;
import io.github.bdbstandby.procedure.StandbyRecoveryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a standby in step with its source until the thread is interrupted.
 *
 * <p>What was shipped is durable beside the standby and survives both the source and us; a failover
 * applies it. A source that is away is waited for, one whose regions were made anew is joined anew.
 */
final class FollowLoop {
  private static final Logger LOG = LoggerFactory.getLogger(FollowLoop.class);

  private final StandbyDirectory standby;
  private final FollowOptions options;
  private final FollowMonitor monitor;
  private final FollowSnapshots snapshots;
  private final FollowCycles cycles;
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
    this.monitor = monitor;
    this.waits = new FollowWaits(standby, monitor);
    this.snapshots = new FollowSnapshots(standby, options, listener, monitor);
    this.cycles = new FollowCycles(standby, options, listener, monitor, snapshots);
  }

  /** Whether it has gone beyond its first look: made a cycle, or waited for the source. */
  boolean hasWorked() {
    return worked || cycles.haveApplied() || waits.hasWaited();
  }

  /** Returns when the thread is interrupted; its flag stays set. */
  void run() throws IOException {
    try {
      if (!new Journal(standby).isOpen()) {
        source().request(ManifestFile.ofStandby(standby)); // refuse before the lock file is touched
      }
      TreeGuard.check(standby);
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
      monitor.letGo();
      Thread.interrupted(); // it was no one else's interrupt
    }
  }

  private KnownSource source() {
    return new KnownSource(standby, options.ofCycle());
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
      cycles.follow(source, request);
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
      if (e.reason() != Reason.UNRESOLVED_DATABASE || !options.snapshotOnGap()) {
        throw e; // the standby has been changed: it is not as one that asks for a snapshot
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
      snapshots.take(request, why);
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
}
