package io.github.bdbstandby.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Who orders, each on a thread, from an opening of the shop to its closing. */
final class Customers implements AutoCloseable {
  static final int THREADS = 8;
  private static final int CUSTOMERS = 50;
  private static final long REST_NANOS = 1_000_000;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicLong numbers = new AtomicLong();
  private final List<Future<Promised>> business = new ArrayList<>();
  private volatile boolean open;

  /** What was acknowledged. */
  record Promised(long orders, long cents) {
    static final Promised NOTHING = new Promised(0, 0);

    Promised plus(Promised more) {
      return new Promised(orders + more.orders, cents + more.cents);
    }
  }

  /** Lets them in. */
  void open(OrderBook book) {
    open = true;
    for (int i = 0; i < THREADS; i++) {
      business.add(threads.submit(() -> order(book)));
    }
  }

  private Promised order(OrderBook book) throws Exception {
    Promised promised = Promised.NOTHING;
    while (open) {
      long number = numbers.incrementAndGet();
      long cents = 100 + number % 7;
      book.place(number, number % CUSTOMERS, cents);
      promised = promised.plus(new Promised(1, cents));
      LockSupport.parkNanos(REST_NANOS); // or the standby's rounds are few on a small machine
    }
    return promised;
  }

  /** Lets the last order be placed. */
  Promised closeShop() throws Exception {
    open = false;
    Promised promised = Promised.NOTHING;
    for (Future<Promised> each : business) {
      promised = promised.plus(each.get());
    }
    business.clear();
    return promised;
  }

  @Override
  public void close() {
    open = false;
    threads.shutdown();
  }
}
