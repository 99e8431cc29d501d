package io.github.bdbstandby.standby;

import java.util.concurrent.TimeUnit;

/**
 * The snapshots that a follower takes when its standby can't be brought forward. One that fails for
 * what the source does at that moment is told and taken again; the standby serves as it is.
 */
final class FollowSnapshots {
  private static final long FIRST_WAIT_MILLIS = 1000;

  /** An attempt may copy everything, so that they come more and more seldom: a minute apart. */
  private static final int MOST_DOUBLINGS = 6;

  private final StandbyDirectory standby;
  private final FollowOptions options;
  private final StandbyListener listener;
  private final FollowMonitor monitor;
  private int failures;

  FollowSnapshots(
      StandbyDirectory standby,
      FollowOptions options,
      StandbyListener listener,
      FollowMonitor monitor) {
    this.standby = standby;
    this.options = options;
    this.listener = listener;
    this.monitor = monitor;
  }

  /**
   * Takes one, for a caller that holds the lock; or waits, if it has failed and may be tried again.
   *
   * @throws RefusedException if it was refused for what is no matter of the source's files
   */
  void take(SourceRequest request, SnapshotNeededException why) throws InterruptedException {
    monitor.snapshotNeeded(why);
    listener.snapshotNeeded(why);
    LastError.note(standby, why.reason(), why.getMessage());
    Snapshot snapshot = new Snapshot(standby, request, same(), listener);
    CycleReport report;
    try (UnjoinedShipping shipping = shippingBeside(request, why)) {
      snapshot.doingBeforeSwitch(shipping::close);
      report = Guarded.call(snapshot::runLocked).as("follow");
    } catch (SnapshotNeededException | CycleFailedException e) {
      waitAfter(request, why, e);
      return;
    } catch (RefusedException e) {
      if (!isPassedOver(e.reason())) {
        throw e;
      }
      waitAfter(request, why, e);
      return;
    }
    succeeded();
    monitor.snapshotTaken(report, why);
    listener.cycleEnded(report);
  }

  /** The standby was brought forward: the next trouble is another one. */
  void succeeded() {
    failures = 0;
  }

  /** The standby goes on being kept as it is. */
  private SnapshotOptions same() {
    return SnapshotOptions.builder().ownOrder(options.ownOrder().toArray(String[]::new)).build();
  }

  /** What the log itself is objected to for is not let in beside the standby. */
  private UnjoinedShipping shippingBeside(SourceRequest request, SnapshotNeededException why) {
    return UnjoinedShipping.beginIf(why.reason() == Reason.DAMAGED, standby, request, monitor);
  }

  private void waitAfter(
      SourceRequest request, SnapshotNeededException why, StandbyException failed)
      throws InterruptedException {
    if (failed.reason() == Reason.INTERRUPTED) {
      throw new InterruptedException(failed.getMessage());
    }
    if (!isPassing(failed.reason())) {
      throw failed;
    }
    monitor.snapshotFailed(failed);
    LastError.note(standby, failed.reason(), failed.getMessage());
    if (failed instanceof CycleFailedException cycle) {
      listener.failed(cycle);
    }
    try (UnjoinedShipping shipping = shippingBeside(request, why)) {
      TimeUnit.MILLISECONDS.sleep(FIRST_WAIT_MILLIS << Math.min(failures, MOST_DOUBLINGS));
    }
    failures++;
  }

  /** Refused for what the source lacks: the disk of its log, or of its databases, may be away. */
  private static boolean isPassedOver(Reason reason) {
    return reason == Reason.LOG_GAP
        || reason == Reason.UNRESOLVED_DATABASE
        || reason == Reason.ARCHIVE_CONFLICT; // until somebody has seen to the archive
  }

  /** Why the same snapshot may succeed later. */
  private static boolean isPassing(Reason reason) {
    return switch (reason) {
      case UNRESOLVED_DATABASE,
          HISTORY_DIVERGED,
          PRIVATE_ENVIRONMENT,
          NO_ACCESS,
          ARCHIVE_CONFLICT,
          BAD_PAGE, // until somebody has mended the source
          LOG_GAP,
          IO_ERROR,
          DISK_FULL,
          SOURCE_STUCK ->
          true;
      default -> false;
    };
  }
}
