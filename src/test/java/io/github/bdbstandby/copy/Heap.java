package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseException;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.DeadlockException;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sleepycat.db.LockDetectMode;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.libdb.DbEnvironment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A heap of small regions, in an environment of this process, by the official API. */
final class Heap implements AutoCloseable {
  private static final int REGION_PAGES = 64;
  private static final int HIGHEST_USED_AT = 12;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Environment environment;
  private final Database database;
  private final Path file;
  private final int pageSize;

  private Heap(Environment environment, Path home, int pageSize) throws Exception {
    this.environment = environment;
    this.pageSize = pageSize;
    this.file = home.resolve("heap.db");
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.HEAP);
    config.setPageSize(pageSize);
    config.setHeapRegionSize(REGION_PAGES);
    this.database = environment.openDatabase(null, "heap.db", null, config);
  }

  static Heap make(Path directory, int pageSize) throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setPrivate(true);
    config.setThreaded(true);
    config.setLockDetectMode(LockDetectMode.DEFAULT);
    config.setTxnWriteNoSync(true);
    return new Heap(new Environment(home.toFile(), config), home, pageSize);
  }

  /** Whether a region became one with pages that were never used, and another after it. */
  boolean fillUntilItHasGaps(int threads) throws Exception {
    long until = System.nanoTime() + PATIENCE;
    ExecutorService writers = Executors.newFixedThreadPool(threads);
    try {
      while (!hasGaps() && System.nanoTime() < until) {
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          writing.add(writers.submit(this::fill));
        }
        for (Future<?> each : writing) {
          each.get();
        }
        environment.checkpoint(null);
      }
    } finally {
      writers.shutdown();
    }
    return hasGaps();
  }

  private Void fill() throws DatabaseException {
    for (int i = 0; i < 200; i++) {
      try {
        DatabaseEntry place = new DatabaseEntry();
        database.append(null, place, new DatabaseEntry(new byte[pageSize / 3]));
      } catch (DeadlockException e) {
        // it is one less
      }
    }
    return null;
  }

  private boolean hasGaps() throws Exception {
    ByteBuffer all =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(java.nio.ByteOrder.nativeOrder());
    for (int page = 1;
        (page + REGION_PAGES + 1) * pageSize < all.limit();
        page += REGION_PAGES + 1) {
      if (all.getInt(page * pageSize + HIGHEST_USED_AT) < page + REGION_PAGES) {
        return true;
      }
    }
    return false;
  }

  void assertCopied(Path copy) throws Exception {
    environment.checkpoint(null);
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      List<CopiedFile> copied =
          new CoordinatedCopier(attached, CopyProgress.NONE).copy("heap.db", file, copy);
      assertThat(copied).hasSize(1);
      assertThat(copied.get(0).size()).isEqualTo(Files.size(file));
      assertThat(copied.get(0).crc32c())
          .isEqualTo(
              PlainCopier.copy(file, copy.resolveSibling("plain"), CopyProgress.NONE).crc32c());
    }
    assertThat(Files.mismatch(copy, file)).isEqualTo(-1);
    Run.of("db5.3_verify", "-q", copy.toString()).good();
  }

  @Override
  public void close() throws DatabaseException {
    database.close();
    environment.close();
  }
}
