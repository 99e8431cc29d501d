package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Transaction;
import com.sleepycat.db.TransactionConfig;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** To hold bulk loading back, libdb makes a checkpoint where a bulk transaction is open. */
final class HoldBesideBulkLoadTest extends AttachedApplication {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @Test
  void theCheckpointMayTakeLongerThanACall() throws Exception {
    open(config -> config.setPrivate(false));
    openDatabase();
    put(0, RECORDS);
    environment.checkpoint(null);
    put(RECORDS, 2 * RECORDS);
    TransactionConfig bulk = new TransactionConfig();
    bulk.setBulk(true);
    Transaction loading = environment.beginTransaction(null, bulk);
    SourceRequest joined = new SourceRequest(home, EnvironmentOptions.defaults(), PATIENCE, false);
    CompletableFuture<CycleReport> snapshot;
    try (HeldCopy held = new HeldCopy(home, "a.db")) {
      snapshot = snapshotInTheCheckpoint(joined);
      TimeUnit.MILLISECONDS.sleep(2 * PATIENCE.toMillis());
      assertThat(snapshot).isNotDone();
      assertThat(isInTheCheckpoint()).isTrue();
    }
    assertThat(snapshot.get(5, TimeUnit.MINUTES)).isNotNull();
    loading.commit();
  }

  /**
   * One that waits for the copy. A machine so busy that a call before that has taken longer than
   * its patience ends it, which is another matter: then it is begun anew.
   */
  private CompletableFuture<CycleReport> snapshotInTheCheckpoint(SourceRequest joined)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    CompletableFuture<CycleReport> snapshot = begin(joined);
    while (!isInTheCheckpoint()) {
      assertThat(System.nanoTime()).isLessThan(end);
      if (snapshot.isDone()) {
        assertThat(failure(snapshot)).isEqualTo(Reason.SOURCE_STUCK);
        snapshot = begin(joined);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return snapshot;
  }

  private CompletableFuture<CycleReport> begin(SourceRequest joined) {
    return CompletableFuture.supplyAsync(() -> snapshot(joined));
  }

  private static Reason failure(CompletableFuture<CycleReport> snapshot) {
    return thrownBy(
            () -> {
              try {
                snapshot.join();
              } catch (CompletionException e) {
                throw e.getCause() instanceof StandbyException known ? known : e;
              }
            })
        .reason();
  }

  /** Whether a call is on its way that ends with the checkpoint. */
  private static boolean isInTheCheckpoint() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(
            frame ->
                frame.getClassName().equals(DbEnvironment.class.getName())
                    && frame.getMethodName().equals("holdHotBackup"));
  }
}
