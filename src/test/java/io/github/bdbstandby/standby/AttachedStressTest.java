package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.CheckpointConfig;
import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.procedure.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots and syncs that are cut off at any moment, by the application that closes its
 * environment and by an interrupt. The environment goes on, and what failed can be done again.
 */
final class AttachedStressTest {
  private static final int RECORDS = 20_000;

  @TempDir Path work;
  private final Random random = new Random(7);
  private Path home;
  private Environment environment;
  private Database database;

  @Test
  void cutOff() throws Exception {
    cutOff(12);
  }

  @Test
  @Tag("soak")
  void cutOffOften() throws Exception {
    cutOff(500);
  }

  private void cutOff(int rounds) throws Exception {
    home = Files.createDirectory(work.resolve("home"));
    open();
    for (int i = 0; i < RECORDS; i++) {
      put(i);
    }
    Set<Reason> seen = EnumSet.noneOf(Reason.class);
    for (int round = 0; round < rounds; round++) {
      Standby standby = Standby.at(work.resolve("standby"));
      boolean closes = round % 2 == 0;
      DbEnvironment attached = DbEnvironment.attach(environment);
      SourceRequest source = SourceRequest.attached(attached);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread worker = new Thread(() -> work(standby, source));
      worker.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
      worker.start();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(250));
      if (closes) {
        close();
      } else {
        worker.interrupt();
      }
      worker.join();
      attached.close();
      if (thrown.get() != null) {
        assertThat(thrown.get()).isInstanceOf(StandbyException.class);
        Reason reason = ((StandbyException) thrown.get()).reason();
        assertThat(reason)
            .as(thrown.get().toString())
            .isIn(closes ? Reason.SOURCE_CLOSED : Reason.INTERRUPTED, Reason.BULK_LOAD);
        seen.add(reason);
      }
      if (closes) {
        open();
      }
      put(RECORDS + round);
      CheckpointConfig force = new CheckpointConfig();
      force.setForce(true);
      environment.checkpoint(force); // would hang if a guard of libdb's had been left
      wholeAgain(standby, RECORDS + round + 1, round % 3 == 2);
    }
    assertThat(seen).contains(Reason.SOURCE_CLOSED, Reason.INTERRUPTED);
    close();
  }

  /** A snapshot in step with the cache, which has the longest calls, and then syncs. */
  private void work(Standby standby, SourceRequest source) {
    standby.snapshot(
        source,
        SnapshotOptions.builder()
            .copy(random.nextBoolean() ? CopyMethod.COORDINATED : CopyMethod.DIRECT)
            .layout(Layout.FLAT)
            .build(),
        StandbyListener.NONE);
    while (true) {
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    }
  }

  private void wholeAgain(Standby standby, int records, boolean promote) throws Exception {
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      SourceRequest source = SourceRequest.attached(attached);
      standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
    }
    if (promote) {
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      EnvironmentConfig config = config();
      Environment copy = new Environment(standby.directory().toFile(), config);
      Database promoted = database(copy);
      assertThat(((com.sleepycat.db.BtreeStats) promoted.getStats(null, null)).getNumKeys())
          .isEqualTo(records);
      promoted.close();
      copy.close();
      FileUtils.deleteDirectory(standby.directory().toFile());
    }
  }

  private static EnvironmentConfig config() {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setTxnNoSync(true);
    config.setRunRecovery(true);
    config.setPrivate(true);
    return config;
  }

  private static Database database(Environment environment) throws Exception {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.BTREE);
    return environment.openDatabase(null, "a.db", null, config);
  }

  private void open() throws Exception {
    environment = new Environment(home.toFile(), config());
    database = database(environment);
  }

  private void close() throws Exception {
    database.close();
    environment.close();
  }

  private void put(int key) throws Exception {
    byte[] bytes = String.format("%0200d", key).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    database.put(null, new DatabaseEntry(bytes), new DatabaseEntry(bytes));
  }
}
