package io.github.bdbstandby.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Follower;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that uses the official Java API keeps a standby of its own environment, shared or
 * private, while it takes orders.
 */
final class OrderBookTest {
  private static final int THREADS = 4;
  private static final int CUSTOMERS = 20;

  @TempDir Path work;
  private final AtomicLong numbers = new AtomicLong();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void followsAndFailsOver(boolean privately) throws Exception {
    Standby standby = Standby.at(work.resolve("standby"));
    ExecutorService customers = Executors.newFixedThreadPool(THREADS);
    long promised;
    CountDownLatch cycles = new CountDownLatch(2);
    StandbyListener counting =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            cycles.countDown();
          }
        };
    try (OrderBook book = new OrderBook(work.resolve("orders"), privately)) {
      List<Future<Long>> business = open(customers, book, 2_000);

      try (DbEnvironment attached = DbEnvironment.attach(book.environment())) {
        SourceRequest source = SourceRequest.attached(attached);
        standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
        try (Follower follower = standby.startFollower(FollowOptions.of(source), counting)) {
          cycles.await();
          promised = close(business);
          assertThat(follower.isRunning()).isTrue();
        }
      }
    }
    customers.shutdown();

    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    try (OrderBook book = new OrderBook(standby.directory(), privately)) {
      assertThat(book.count()).isEqualTo(THREADS * 2_000);
      assertThat(book.ordered()).isEqualTo(promised);
      assertThat(book.owed()).isEqualTo(promised);
    }
  }

  /** What a sync brings is there although the source goes on, and is never looked at again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void syncsNowAndThen(boolean privately) throws Exception {
    Standby standby = Standby.at(work.resolve("standby"));
    ExecutorService customers = Executors.newFixedThreadPool(THREADS);
    try (OrderBook book = new OrderBook(work.resolve("orders"), privately);
        DbEnvironment attached = DbEnvironment.attach(book.environment())) {
      SourceRequest source = SourceRequest.attached(attached);
      standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
      long promised = 0;
      for (int day = 0; day < 3; day++) {
        promised += close(open(customers, book, 300));
        standby.sync(SyncOptions.of(source), StandbyListener.NONE);
      }
      customers.shutdown();
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      try (OrderBook copy = new OrderBook(standby.directory(), privately)) {
        assertThat(copy.ordered()).isEqualTo(promised).isEqualTo(copy.owed());
      }
    }
  }

  private List<Future<Long>> open(ExecutorService customers, OrderBook book, int orders) {
    List<Future<Long>> business = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      business.add(
          customers.submit(
              () -> {
                long promised = 0;
                for (int order = 0; order < orders; order++) {
                  long number = numbers.incrementAndGet();
                  book.place(number, number % CUSTOMERS, 100 + number % 7);
                  promised += 100 + number % 7;
                }
                return promised;
              }));
    }
    return business;
  }

  /** What all of them were promised, in cents. */
  private static long close(List<Future<Long>> business) throws Exception {
    long promised = 0;
    for (Future<Long> each : business) {
      promised += each.get();
    }
    return promised;
  }
}
