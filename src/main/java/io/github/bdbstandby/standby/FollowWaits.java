package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.SystemErrors;
import io.github.bdbstandby.procedure.SourceStuckException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A follower's patience with what passes by itself, or by what an operator does elsewhere. */
final class FollowWaits {
  private static final long AWAY_MILLIS = 1000;

  /** What fills a disk, or clears it, takes longer. */
  private static final long FULL_MILLIS = 5000;

  private final StandbyDirectory standby;
  private final FollowMonitor monitor;
  private boolean waited;

  FollowWaits(StandbyDirectory standby, FollowMonitor monitor) {
    this.standby = standby;
    this.monitor = monitor;
  }

  /** Whether the source has been waited for. */
  boolean hasWaited() {
    return waited;
  }

  /**
   * Waits after a refusal, if it may be otherwise later.
   *
   * @param regions which regions the source had before it was asked
   * @throws RefusedException the same, if not
   */
  void after(SourceRequest request, Optional<String> regions, RefusedException e)
      throws IOException, InterruptedException {
    switch (e.reason()) {
      case NO_ENVIRONMENT, NO_ACCESS, PRIVATE_ENVIRONMENT ->
          forSource(request, e.reason(), e.getMessage());
      case DISK_FULL -> forRoom(e);
      case SOURCE_STUCK -> {
        if (request.attached().isPresent()) {
          throw e; // that handle is of no more use
        }
        forRegions(request, regions, e);
      }
      default -> throw e;
    }
  }

  /** Waits for a source that is away. */
  void forSource(SourceRequest request, Reason reason, String why) throws InterruptedException {
    tell(request, reason, why);
    // A private environment knows of no hold on bulk loading.
    boolean isHeld = reason != Reason.PRIVATE_ENVIRONMENT;
    try (UnjoinedShipping shipping = UnjoinedShipping.beginIf(isHeld, standby, request, monitor)) {
      TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
    }
  }

  /**
   * Waits for a source whose regions answer nobody: until they are made anew or gone, or they have
   * answered after all. To ask again costs a thread for each time that they do not.
   *
   * @param regions those that were asked
   */
  void forRegions(SourceRequest request, Optional<String> regions, RuntimeException e)
      throws IOException, InterruptedException {
    Throwable cause = e instanceof RefusedException ? e.getCause() : e;
    tell(request, Reason.SOURCE_STUCK, e.getMessage());
    try (UnjoinedShipping shipping = UnjoinedShipping.begin(standby, request, monitor)) {
      do {
        TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
      } while (regions.equals(RegionsIdentity.of(request.home()).map(RegionsIdentity::text))
          && !(cause instanceof SourceStuckException stuck && stuck.hasAnswered()));
    }
  }

  /** Waits for room on the standby's disk. */
  void forRoom(StandbyException e) throws InterruptedException {
    if (monitor.waiting(e)) {
      LastError.note(standby, e.reason(), e.getMessage());
    }
    TimeUnit.MILLISECONDS.sleep(FULL_MILLIS);
  }

  /** The same after an error, if that is why. */
  boolean forRoom(IOException e) throws InterruptedException {
    boolean isFull = SystemErrors.isFull(e);
    if (isFull) {
      forRoom(Guarded.noSpace(e));
    }
    return isFull;
  }

  private void tell(SourceRequest request, Reason reason, String why) {
    waited = true;
    if (monitor.away(request.home(), reason, why)) {
      LastError.note(standby, reason, why);
    }
  }
}
