package io.github.bdbstandby.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sleepycat.db.Transaction;
import io.github.bdbstandby.libdb.LogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogShipperTest {
  @TempDir Path work;

  /** libdb writes its full buffer in the middle of a record, and the rest with the commit. */
  @Test
  void aRecordWhoseRestIsWrittenMuchLater() throws Exception {
    Path home = Files.createDirectory(work.resolve("home"));
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLogging(true);
    config.setInitializeLocking(true);
    config.setTransactional(true);
    config.setLogBufferSize(32 << 10);
    DatabaseConfig database = new DatabaseConfig();
    database.setAllowCreate(true);
    database.setTransactional(true);
    database.setType(DatabaseType.BTREE);
    Environment environment = new Environment(home.toFile(), config);
    try (LogShipper shipper = new LogShipper(home, work.resolve("incoming"), 1, bytes -> {})) {
      Database records = environment.openDatabase(null, "records.db", null, database);
      Transaction transaction = environment.beginTransaction(null, null);
      byte[] value = new byte[1500];
      new Random(1).nextBytes(value);
      for (int key = 0; key < 100; key++) {
        records.put(
            transaction, new DatabaseEntry(new byte[] {(byte) key}), new DatabaseEntry(value));
      }
      shipper.ship();
      for (int look = 0; look < 3; look++) {
        TimeUnit.MILLISECONDS.sleep(600);
        shipper.ship();
      }
      transaction.commitSync();
      shipper.ship();
      byte[] original = Files.readAllBytes(home.resolve(LogFile.nameOf(1)));
      byte[] shipped = Files.readAllBytes(work.resolve("incoming").resolve(LogFile.nameOf(1)));
      assertThat(shipped.length).isGreaterThan(100 * value.length);
      assertThat(Arrays.mismatch(shipped, original)).isEqualTo(shipped.length);
      records.close();
    } finally {
      environment.close();
    }
  }
}
