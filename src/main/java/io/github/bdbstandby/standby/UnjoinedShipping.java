package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Alongside;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogShipper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships a source's log by its files alone, on a thread of its own, while a follower waits for the
 * source or takes a snapshot of it: what is committed meanwhile would be lost with the source's
 * disk. What goes wrong here is told by whoever joins the source next.
 */
final class UnjoinedShipping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnjoinedShipping.class);
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private final StandbyDirectory standby;
  private final SourceRequest request;
  private final FollowMonitor monitor;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Thread> thread = Optional.empty();

  private UnjoinedShipping(StandbyDirectory standby, SourceRequest request, FollowMonitor monitor) {
    this.standby = standby;
    this.request = request;
    this.monitor = monitor;
  }

  /** Begins, for a caller that holds the standby's lock until this is closed. */
  static UnjoinedShipping begin(
      StandbyDirectory standby, SourceRequest request, FollowMonitor monitor) {
    UnjoinedShipping shipping = new UnjoinedShipping(standby, request, monitor);
    Thread thread = new Thread(shipping::run, "bdb-standby-ship-unjoined");
    thread.setDaemon(true);
    thread.start();
    shipping.thread = Optional.of(thread);
    return shipping;
  }

  /** Begins, or makes one that ships nothing. */
  static UnjoinedShipping beginIf(
      boolean ships, StandbyDirectory standby, SourceRequest request, FollowMonitor monitor) {
    return ships
        ? begin(standby, request, monitor)
        : new UnjoinedShipping(standby, request, monitor);
  }

  private void run() {
    try {
      do {
        try (LogShipper shipper = shipper().orElse(null)) {
          if (shipper != null) {
            do {
              shipper.ship();
              monitor.shipped(shipper.takeGrowth());
            } while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
          }
        } catch (IOException | RuntimeException | Error e) {
          LOG.debug("not shipped", e);
        }
      } while (!stopped.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("not shipped any more", e);
    }
  }

  /**
   * Empty if this log does not continue what the standby has, or not as it waits there; also where
   * no hold of ours keeps loads in bulk in it.
   */
  private Optional<LogShipper> shipper() throws IOException {
    Manifest manifest = ManifestFile.ofStandby(standby);
    Path logs = manifest.source().logPath();
    List<LogFile> atSource = new LogsOfTheLost(logs).list();
    if (atSource.isEmpty()
        || !KnownSource.isLogWhereItWas(request, manifest)
        || BulkGuard.regionsOf(manifest) != BulkGuard.Regions.HELD
        || new OwnCommits(standby, manifest, request.targetOptions()).broken().isPresent()) {
      return Optional.empty();
    }
    IncomingLogs.Assessment assessment =
        new IncomingLogs(
                standby.target(manifest).held().orElseThrow(),
                standby.incoming(),
                logs,
                false,
                Optional.of(request.targetOptions()))
            .assess(atSource);
    return assessment.broken().isEmpty() && assessment.spoilt().isEmpty()
        ? Optional.of(
            new LogShipper(logs, standby.incoming(), assessment.shipFrom(), bytes -> {}).keeping())
        : Optional.empty();
  }

  /**
   * From here on nothing is added to what waits beside the standby. What is being done is ended
   * first, but not where that takes long, or the caller is to end itself.
   */
  @Override
  public void close() {
    stopped.countDown();
    thread.ifPresent(UnjoinedShipping::end);
  }

  private static void end(Thread thread) {
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    Alongside.awaitEnd(thread);
  }
}
