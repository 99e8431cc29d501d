package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleTest {

  @TempDir Path temp;

  @Test
  void closedHandleThrows() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults());
    assertThat(env.isClosed()).isFalse();
    env.close();
    env.close();
    assertThat(env.isClosed()).isTrue();
    List<Runnable> calls =
        List.of(
            env::databases,
            env::logFiles,
            env::inactiveLogFiles,
            env::logStatus,
            env::flushLog,
            () -> env.checkpoint(true),
            env::cachedFiles,
            env::dataDirectories,
            env::logDirectory,
            env::metadataDirectory,
            env::subsystems,
            env::logsInMemory,
            env::encrypted,
            env::hotBackupInProgress,
            env::holdHotBackup,
            env::releaseHotBackup,
            env::firstLsn,
            env::lastLsn,
            () -> env.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(), r -> {}),
            () -> env.backupDatabase("a.db", new CollectingSink()),
            () -> env.verifyDatabase("a.db"),
            env::panic);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(ClosedEnvironmentException.class)
          .hasMessageContaining(home.toString());
    }
    assertThat(env.home()).isEqualTo(home);
  }

  /** It has no home that could be asked for, which is nothing to tell. */
  @Test
  void whatFailsBeforeItIsOpenTellsItsOwnCause() {
    long env = Shim.create();
    try {
      assertThatThrownBy(() -> Shim.setEncrypt(env, new byte[0]))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.messages()).singleElement().asString().contains("Empty password"));
    } finally {
      Shim.close(env);
    }
  }

  @Test
  void closeWaitsForCallsInFlight() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    Tools.commits(home, 3000);
    for (int round = 0; round < 20; round++) {
      DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults());
      ExecutorService threads = Executors.newFixedThreadPool(6);
      CountDownLatch started = new CountDownLatch(6);
      AtomicInteger done = new AtomicInteger();
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int kind = i;
        futures.add(
            threads.submit(
                () -> {
                  started.countDown();
                  try {
                    while (true) {
                      switch (kind % 3) {
                        case 0 -> env.logFiles();
                        case 1 -> env.databases();
                        default ->
                            env.scanLog(
                                Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.TXN_COMMIT), r -> {});
                      }
                      done.incrementAndGet();
                    }
                  } catch (ClosedEnvironmentException e) {
                    return;
                  }
                }));
      }
      started.await();
      Thread.sleep(round);
      env.close();
      int atClose = done.get();
      for (Future<?> future : futures) {
        future.get(Tools.SECONDS, TimeUnit.SECONDS);
      }
      assertThat(done.get()).isBetween(atClose, atClose + 6);
      threads.shutdown();
    }
  }

  @Test
  void whoClosesSecondWaitsForTheFirst() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults());
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread call =
        new Thread(
            () ->
                env.scanLog(
                    Lsn.ZERO,
                    Lsn.ZERO,
                    Set.of(LogRecordType.TXN_CHECKPOINT),
                    record -> {
                      inside.countDown();
                      await(goOn);
                      order.add("call");
                    }));
    call.start();
    inside.await();
    Thread first = closing(env, order);
    while (!env.isClosed()) {
      Thread.onSpinWait();
    }
    Thread second = closing(env, order);
    while (second.getState() != Thread.State.WAITING && second.isAlive()) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    for (Thread each : List.of(call, first, second)) {
      each.join();
    }
    assertThat(order).startsWith("call").endsWith("closed", "closed");
  }

  private static Thread closing(DbEnvironment env, List<String> order) {
    Thread thread =
        new Thread(
            () -> {
              env.close();
              order.add("closed");
            });
    thread.start();
    return thread;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @SuppressWarnings("try") // closing it twice is the test
  void aCallbackCannotCloseItsHandle() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThatThrownBy(
              () ->
                  env.scanLog(
                      Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.TXN_CHECKPOINT), r -> env.close()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(env.isClosed()).isFalse();
      // But it may use it.
      AtomicInteger visits = new AtomicInteger();
      env.scanLog(
          Lsn.ZERO,
          Lsn.ZERO,
          Set.of(LogRecordType.DBREG_REGISTER),
          r -> {
            env.logStatus();
            assertThatThrownBy(() -> env.verifyDatabase("none.db")).isInstanceOf(DbException.class);
            visits.incrementAndGet();
          });
      assertThat(visits).hasPositiveValue();
    }
  }

  @Test
  void messagesOfConcurrentCallsDoNotMix() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "missing-" + i + ".db";
        futures.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 500; n++) {
                    assertThatThrownBy(() -> env.backupDatabase(name, new CollectingSink()))
                        .isInstanceOfSatisfying(
                            NoSuchFileDbException.class,
                            e ->
                                assertThat(String.join(" ", e.messages()))
                                    .doesNotContainPattern("missing-[^" + name.charAt(8) + "]"));
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get(Tools.SECONDS, TimeUnit.SECONDS);
      }
      threads.shutdown();
    }
  }

  @Test
  void tenThousandOpeningsKeepTheirMemory() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    Path copy = Tools.copyHome(home, temp.resolve("copy"));
    Path empty = java.nio.file.Files.createDirectory(temp.resolve("empty"));
    assertThat(Growth.kilobytes(temp, "open", copy.toString(), empty.toString()))
        .as("growth in kB over 8,000 openings")
        .isLessThan(24_000);
  }
}
