package io.github.bdbstandby.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a call into shared regions is given up. */
final class RegionCallsTest {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  @TempDir Path work;

  /** A disk that gives a log of many files slowly: each read takes far less than the limit. */
  @Test
  void aLogThatTakesLongToReadIsNoSilence() throws Exception {
    Path home = Files.createDirectory(work.resolve("home"));
    Writer.init(home);
    Writer.work(home, 500);
    RegionCalls calls = new RegionCalls(home, LIMIT);
    DbEnvironment environment = DbEnvironment.join(home, EnvironmentOptions.defaults());
    try (OpenedSource source =
        new OpenedSource(
            environment, home, EnvironmentOptions.defaults(), Sharing.OTHER_PROCESS, calls)) {
      AtomicLong records = new AtomicLong();
      source.readLog(
          Lsn.ZERO,
          log -> {
            for (int i = 0; i < 45; i++) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
              log.scanLog(
                  Lsn.ZERO,
                  Lsn.ZERO,
                  Set.of(LogRecordType.PG_ALLOC),
                  record -> records.incrementAndGet());
            }
            return null;
          });
      assertThat(records).hasPositiveValue();
      assertThat(calls.isStuck()).isFalse();
    }
  }

  @Test
  void whatOnlyWaitsIsGivenUp() {
    RegionCalls calls = new RegionCalls(work, Duration.ofMillis(200));
    CountDownLatch answer = new CountDownLatch(1);
    assertThatExceptionOfType(SourceStuckException.class)
        .isThrownBy(() -> calls.call(() -> waitFor(answer)));
    assertThat(calls.isStuck()).isTrue();
    answer.countDown();
  }

  /** Each that stayed would keep the source's cache mapped, for as long as a follower lives. */
  @Test
  void whatIsJoinedTooLateIsLeft() throws Exception {
    Path home = Files.createDirectory(work.resolve("home"));
    Writer.init(home);
    RegionCalls calls = new RegionCalls(home, Duration.ofMillis(200));
    CountDownLatch answer = new CountDownLatch(1);
    CompletableFuture<DbEnvironment> joined = new CompletableFuture<>();
    assertThatExceptionOfType(SourceStuckException.class)
        .isThrownBy(
            () ->
                calls.call(
                    () -> {
                      waitFor(answer);
                      joined.complete(DbEnvironment.join(home, EnvironmentOptions.defaults()));
                      return joined.join();
                    }));
    answer.countDown();
    awaitClosed(joined.get(300, TimeUnit.SECONDS));
  }

  @Test
  void aSourceThatWasStuckIsLeftWhenItAnswers() throws Exception {
    Path home = Files.createDirectory(work.resolve("home"));
    Writer.init(home);
    CountDownLatch answer = new CountDownLatch(1);
    DbEnvironment environment = DbEnvironment.join(home, EnvironmentOptions.defaults());
    try (OpenedSource source =
        new OpenedSource(
            environment,
            home,
            EnvironmentOptions.defaults(),
            Sharing.OTHER_PROCESS,
            new RegionCalls(home, Duration.ofMillis(200)))) {
      assertThatExceptionOfType(SourceStuckException.class)
          .isThrownBy(() -> source.ask(open -> waitFor(answer)));
    }
    assertThat(environment.isClosed()).isFalse();
    answer.countDown();
    awaitClosed(environment);
  }

  private static void awaitClosed(DbEnvironment environment) throws InterruptedException {
    for (int look = 0; look < 30_000 && !environment.isClosed(); look++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(environment.isClosed()).isTrue();
  }

  private static boolean waitFor(CountDownLatch answer) {
    try {
      return answer.await(300, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
