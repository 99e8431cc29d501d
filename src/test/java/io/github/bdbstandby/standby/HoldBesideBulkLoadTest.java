package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Transaction;
import com.sleepycat.db.TransactionConfig;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** To hold bulk loading back, libdb makes a checkpoint where a bulk transaction is open. */
final class HoldBesideBulkLoadTest extends AttachedApplication {
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
    SourceRequest joined =
        new SourceRequest(home, EnvironmentOptions.defaults(), Duration.ofSeconds(3), false);
    CompletableFuture<CycleReport> snapshot;
    try (HeldCopy held = new HeldCopy(home, "a.db")) {
      snapshot = CompletableFuture.supplyAsync(() -> snapshot(joined));
      TimeUnit.SECONDS.sleep(7);
      assertThat(snapshot).isNotDone();
    }
    assertThat(snapshot.get(5, TimeUnit.MINUTES)).isNotNull();
    loading.commit();
  }
}
