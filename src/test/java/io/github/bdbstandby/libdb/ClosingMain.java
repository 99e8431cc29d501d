package io.github.bdbstandby.libdb;

import com.sleepycat.db.Database;
import com.sleepycat.db.Environment;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Closes an environment at random moments, under calls of every kind, in a JVM of its own: a crash
 * would be the end of it.
 */
final class ClosingMain {

  private static final List<Consumer<DbEnvironment>> CALLS =
      List.of(
          DbEnvironment::logStatus,
          DbEnvironment::databases,
          DbEnvironment::inactiveLogFiles,
          DbEnvironment::dataDirectories,
          DbEnvironment::lastLsn,
          DbEnvironment::flushLog,
          DbEnvironment::preparedTransactions,
          env -> env.checkpoint(true),
          env -> env.backupDatabase("orders.db", new CollectingSink()),
          env -> env.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.PG_ALLOC), record -> {}));

  private ClosingMain() {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Random random = new Random(Long.parseLong(args[2]));
    ExecutorService threads = Executors.newFixedThreadPool(CALLS.size());
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      Application application = round % 4 == 3 ? ofNativeCode(home) : official(home, round);
      DbEnvironment attached = application.attached();
      CountDownLatch started = new CountDownLatch(CALLS.size());
      List<Future<?>> callers = new ArrayList<>();
      for (Consumer<DbEnvironment> call : CALLS) {
        callers.add(threads.submit(() -> callUntilClosed(attached, call, started)));
      }
      started.await();
      TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
      if (!application.isKnown() || random.nextBoolean()) {
        attached.close();
      }
      application.closing().call();
      attached.close();
      for (Future<?> caller : callers) {
        caller.get(Tools.SECONDS, TimeUnit.SECONDS);
        refused++;
      }
    }
    threads.shutdown();
    System.out.println("refused " + refused);
  }

  /**
   * Who has the environment open.
   *
   * @param isKnown whether it can be closed under us: of native code nobody could know
   */
  private record Application(DbEnvironment attached, boolean isKnown, Callable<?> closing) {}

  private static Application official(Path home, int round) throws Exception {
    Environment environment = Official.open(home, Official.privately());
    Database database = Official.database(environment, "orders.db");
    for (int i = 0; i < 50; i++) {
      Official.put(database, i, "value " + round);
    }
    database.close();
    return new Application(
        DbEnvironment.attach(environment),
        true,
        () -> {
          environment.close();
          return null;
        });
  }

  private static Application ofNativeCode(Path home) {
    Pointer env = NativeOrders.LIBRARY.orders_open(home.toString(), NativeOrders.privately());
    return new Application(
        DbEnvironment.attach(Pointer.nativeValue(env)),
        false,
        () -> NativeOrders.LIBRARY.orders_close(env, null));
  }

  private static void callUntilClosed(
      DbEnvironment attached, Consumer<DbEnvironment> call, CountDownLatch started) {
    started.countDown();
    while (true) {
      try {
        call.accept(attached);
      } catch (ClosedEnvironmentException e) {
        return;
      }
    }
  }
}
