package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a standby in step with its source until the thread is interrupted: ships new log every
 * {@code shipInterval}, applies it every {@code interval}.
 *
 * <p>What was shipped is durable beside the standby and survives both the source and us; a failover
 * applies it. A source that is away is waited for, one whose regions were made anew is joined anew.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final long AWAY_MILLIS = 1000;

  private final StandbyDirectory standby;
  private final FollowOptions options;
  private final RunListener listener;
  private final Consumer<CycleReport> cycles;
  private String trouble = "";

  Follower(
      StandbyDirectory standby,
      FollowOptions options,
      RunListener listener,
      Consumer<CycleReport> cycles) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
    this.cycles = cycles;
  }

  /** Returns when the thread is interrupted; its flag stays set. */
  void run() throws IOException {
    if (!new Journal(standby).isOpen()) {
      sync().request(Sync.manifest(standby)); // refuse before the lock file is touched
    }
    try (StandbyLock lock = StandbyLock.take(standby)) {
      new Journal(standby).finish();
      followUntilStopped(lock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
      LOG.info("{}: a failover takes over", standby.home());
      Thread.interrupted(); // it was no one else's interrupt
    }
  }

  private Sync sync() {
    return new Sync(
        standby,
        new SyncOptions(options.source(), options.password(), false, options.passive()),
        listener);
  }

  private void followUntilTrouble() throws IOException, InterruptedException {
    Manifest manifest = Sync.manifest(standby);
    SourceRequest request = sync().request(manifest);
    try (Source source = Sync.open(request)) {
      trouble = "";
      followJoined(source, request);
    } catch (SnapshotNeededException e) {
      snapshot(request, manifest, e);
    } catch (LogGapException e) {
      snapshot(request, manifest, new SnapshotNeededException(Reason.LOG_GAP, e.getMessage(), e));
    } catch (RefusedException e) {
      if (!isPassing(e.reason())) {
        throw e;
      }
      waitFor(e.getMessage());
    } catch (RunRecoveryException e) {
      waitFor(e.getMessage()); // its regions are gone; they will be made anew
    } catch (UncheckedIOException e) {
      throw new InterruptedException(
          e.getMessage()); // only an interrupted wait for regions says so
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      if (request.home().toFile().isDirectory()) {
        throw e;
      }
      waitFor(e.getMessage());
    }
  }

  /** What may be otherwise when the source is up again. */
  private static boolean isPassing(Reason reason) {
    return switch (reason) {
      case NO_ENVIRONMENT, NO_ACCESS, PRIVATE_ENVIRONMENT -> true;
      default -> false;
    };
  }

  private void waitFor(String why) throws InterruptedException {
    if (!trouble.equals(why)) {
      LOG.warn("waiting for the source: {}", why);
      trouble = why;
    }
    TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
  }

  private void snapshot(SourceRequest request, Manifest manifest, SnapshotNeededException why)
      throws IOException, InterruptedException {
    if (!options.snapshotOnGap()) {
      throw why;
    }
    LOG.warn("taking a new snapshot ({}): {}", why.reason().word(), why.getMessage());
    SnapshotOptions same =
        new SnapshotOptions(
            Procedure.parse(manifest.procedure()),
            Optional.ofNullable(manifest.archive()).map(Path::of),
            Optional.empty(),
            Layout.parse(manifest.layout()),
            false);
    try {
      cycles.accept(new Snapshot(standby, request, same, listener).runLocked().as("follow"));
    } catch (RefusedException e) {
      if (!isPassing(e.reason())) {
        throw e;
      }
      waitFor(e.getMessage());
    }
  }

  /** Until the source's regions are made anew, or something is wrong. */
  private void followJoined(Source source, SourceRequest request)
      throws IOException, InterruptedException {
    String regions = new BulkGuard(source).regions();
    while (regions.equals(new BulkGuard(source).regions())) {
      Manifest manifest = Sync.manifest(standby);
      IncomingLogs.Assessment assessment = sync().assess(source, manifest);
      for (LogFile spoilt : assessment.spoilt()) {
        DurableFiles.delete(spoilt.path());
      }
      try (LogShipper shipper =
          new LogShipper(
              source.logDirectory(),
              standby.incoming(),
              assessment.shipFrom(),
              bytes -> listener.copied(io.github.bdbstandby.procedure.StepName.COPY_LOGS, bytes))) {
        shipAndApply(source, request, shipper, regions);
      }
    }
    LOG.info("{}: its regions were made anew; joining again", source.home());
  }

  private void shipAndApply(
      Source source, SourceRequest request, LogShipper shipper, String regions)
      throws IOException, InterruptedException {
    long next = System.nanoTime();
    boolean fresh = true;
    while (regions.equals(new BulkGuard(source).regions())) {
      while (System.nanoTime() < next) {
        fresh |= shipper.ship() > 0;
        sleepUntil(next);
      }
      next += options.interval().toNanos();
      next = Math.max(next, System.nanoTime()); // a cycle that took longer is not made up for
      fresh |= shipper.ship() > 0;
      if (!fresh) {
        continue;
      }
      Manifest manifest = Sync.manifest(standby);
      IncomingLogs.Assessment assessment = sync().assess(source, manifest);
      if (!assessment.spoilt().isEmpty()) {
        return; // the source has rewritten the end of its log: ship that again
      }
      cycles.accept(
          sync()
              .following(shipper)
              .bringForward(source, request, manifest, assessment, System.nanoTime()));
      fresh = false;
    }
  }

  private void sleepUntil(long next) throws InterruptedException {
    long left = next - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, options.shipInterval().toNanos()));
    }
  }
}
