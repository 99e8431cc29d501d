package io.github.bdbstandby.examples;

import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Follower;
import io.github.bdbstandby.standby.Reason;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import io.github.bdbstandby.standby.VerificationReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * The order book at work for as long as is wanted: each round opens it, keeps a standby in every
 * way there is while customers order, fails over, and goes on in the promoted standby.
 */
final class SoakMain {
  /** After so many failovers the books begin anew, so that the last rounds do what the first do. */
  private static final int ROUNDS_OF_A_BOOK = 4;

  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final Path work;
  private final Customers customers;
  private int rounds;
  private int followed;
  private long orders;
  private Path home;
  private Customers.Promised promised = Customers.Promised.NOTHING;

  private SoakMain(Path work, Customers customers) {
    this.work = work;
    this.customers = customers;
    this.home = work.resolve("home");
  }

  /** Arguments: a directory to work in, for how many seconds and how many rounds at least. */
  public static void main(String[] arguments) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
    int least = Integer.parseInt(arguments[2]);
    try (Customers customers = new Customers()) {
      SoakMain soak = new SoakMain(Path.of(arguments[0]), customers);
      do {
        soak.round();
        System.out.println(Sample.take().line());
      } while (soak.rounds < least || System.nanoTime() < end);
      soak.check();
      System.out.printf(
          "done: %d rounds, %d cycles of a follower, %d orders%n",
          soak.rounds, soak.followed, soak.orders);
    }
  }

  private void round() throws Exception {
    boolean privately = rounds % 2 == 0;
    if (rounds % ROUNDS_OF_A_BOOK == 0) {
      FileUtils.deleteDirectory(home.toFile());
      promised = Customers.Promised.NOTHING;
    }
    Standby standby = Standby.at(work.resolve("standby" + rounds));
    try (OrderBook book = new OrderBook(home, privately)) {
      check(book);
      customers.open(book);
      try (DbEnvironment attached = DbEnvironment.attach(book.environment())) {
        Customers.Promised more;
        try {
          keep(standby, SourceRequest.attached(attached));
        } finally { // nobody may be in the book when it is closed
          more = customers.closeShop();
        }
        promised = promised.plus(more);
        orders += more.orders();
      }
    }
    // What came after the last sync is in the log that the application has left.
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    FileUtils.deleteDirectory(home.toFile());
    home = standby.directory();
    rounds++;
  }

  private void keep(Standby standby, SourceRequest source) throws Exception {
    SnapshotOptions.Builder options =
        SnapshotOptions.builder().layout(Layout.FLAT).checkpoint(rounds % 2 == 1);
    if (rounds % 3 == 2) {
      options.copy(CopyMethod.COORDINATED);
    }
    standby.snapshot(source, options.build(), StandbyListener.NONE);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    cutOff(standby, source);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    follow(standby, source);
    // What a follower was closed in the middle of is ended before it is looked at.
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    VerificationReport drill = standby.drill(Optional.empty(), StandbyListener.NONE);
    require(drill.isGood(), drill.damage().toString());
  }

  /** A sync that is interrupted: what fails must let go of all, too. */
  private static void cutOff(Standby standby, SourceRequest source) {
    StandbyListener interrupting =
        new StandbyListener() {
          @Override
          public void began(StepName step, long bytes) {
            if (step == StepName.RECOVER) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try {
      standby.sync(SyncOptions.of(source), interrupting);
      require(false, "a sync went on over an interrupt");
    } catch (StandbyException e) {
      require(e.reason() == Reason.INTERRUPTED, e.toString());
    } finally {
      Thread.interrupted();
    }
  }

  private void follow(Standby standby, SourceRequest source) throws Exception {
    CountDownLatch cycles = new CountDownLatch(2);
    StandbyListener counting =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            cycles.countDown();
          }
        };
    FollowOptions options = FollowOptions.builder().source(source).interval(INTERVAL).build();
    try (Follower follower = standby.startFollower(options, counting)) {
      while (!cycles.await(1, TimeUnit.SECONDS)) {
        require(follower.isRunning(), "the follower has ended");
      }
    }
    followed += 2;
  }

  /** All that was acknowledged is in the promoted standby, and nothing else. */
  private void check() throws Exception {
    try (OrderBook book = new OrderBook(home, true)) {
      check(book);
    }
  }

  private void check(OrderBook book) throws Exception {
    require(
        book.count() == promised.orders()
            && book.ordered() == promised.cents()
            && book.owed() == promised.cents(),
        promised + " were promised, and there are " + book.count() + ": " + book.ordered());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
