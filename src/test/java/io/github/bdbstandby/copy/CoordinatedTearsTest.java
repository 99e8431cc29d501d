package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseException;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import io.github.bdbstandby.busy.LoopMount;
import io.github.bdbstandby.libdb.DbEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Where a plain copy tears pages, one in step with the cache does not. Each record is larger than
 * the kernel's pages and is one number again and again: in a torn page it is two.
 */
final class CoordinatedTearsTest {
  private static final int PAGE = 65_536;
  private static final int RECORDS = 128;
  private static final int NUMBERS = 3_500;
  private static final int START = 0x5EC0_4D5E;
  private static final int COPIES = 40;

  /** Until a plain copy has torn a page. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(240);

  @Test
  void aPlainCopyTearsWhatThisDoesNot() throws Exception {
    assumeThat(System.getProperty("user.name")).as("mounting").isEqualTo("root");
    try (LoopMount disk = LoopMount.of("tmpfs")) {
      Path home = Files.createDirectory(disk.path().resolve("home"));
      Path live = home.resolve("live.db");
      Path copy = disk.path().resolve("copy.db");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Environment environment = new Environment(home.toFile(), config());
      Database database = environment.openDatabase(null, "live.db", null, databaseConfig());
      rewrite(database, 1);
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int round = 2; !stop.get(); round++) {
                    rewrite(database, round);
                  }
                } catch (DatabaseException e) {
                  thrown.set(e);
                }
              });
      writer.start();
      try (DbEnvironment attached = DbEnvironment.attach(environment)) {
        long until = System.nanoTime() + PATIENCE;
        int torn = 0;
        while (torn == 0 && System.nanoTime() < until) {
          PlainCopier.copy(live, copy, CopyProgress.NONE);
          torn += torn(copy);
        }
        assertThat(torn).as("pages torn by a plain copy").isPositive();
        CoordinatedCopier copier = new CoordinatedCopier(attached, CopyProgress.NONE);
        for (int i = 0; i < COPIES; i++) {
          copier.copy("live.db", live, copy);
          assertThat(torn(copy)).as("pages torn by ours, in copy %d", i).isZero();
        }
        assertThat(writer.isAlive()).isTrue();
      } finally {
        stop.set(true);
        writer.join();
        database.close();
        environment.close();
      }
      assertThat(thrown.get()).isNull();
    }
  }

  /** A cache much smaller than the database: pages go to the file all the time. */
  private static EnvironmentConfig config() {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setPrivate(true);
    config.setCacheSize(16 * PAGE);
    return config;
  }

  private static DatabaseConfig databaseConfig() {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setType(DatabaseType.BTREE);
    config.setPageSize(PAGE);
    return config;
  }

  private static void rewrite(Database database, int round) throws DatabaseException {
    for (int key = 0; key < RECORDS; key++) {
      ByteBuffer value = ByteBuffer.allocate((1 + NUMBERS) * Integer.BYTES).putInt(START);
      while (value.hasRemaining()) {
        value.putInt(round);
      }
      database.put(
          null,
          new DatabaseEntry(ByteBuffer.allocate(Integer.BYTES).putInt(key).array()),
          new DatabaseEntry(value.array()));
    }
  }

  private static int torn(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
    int torn = 0;
    int found = 0;
    for (int at = 0; at + (1 + NUMBERS) * Integer.BYTES <= all.limit(); at++) {
      if (all.getInt(at) == START) {
        found++;
        int first = all.getInt(at + Integer.BYTES);
        for (int i = 2; i <= NUMBERS; i++) {
          if (all.getInt(at + i * Integer.BYTES) != first) {
            torn++;
            break;
          }
        }
      }
    }
    assertThat(found).isPositive();
    return torn;
  }
}
