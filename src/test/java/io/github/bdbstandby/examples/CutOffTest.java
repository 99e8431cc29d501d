package io.github.bdbstandby.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.Reason;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is done for a standby, cut off at each moment that a listener hears of: by the
 * application that closes its environment, by closing the attachment, and by an interrupt. Each
 * time it ends as promised, leaves no thread, no open file and nothing half done, and can be done
 * again.
 */
final class CutOffTest {
  private static final String LAST = "cycle ended";
  private static final int ORDERS = 20;

  /** A call into a stuck environment is given up, with its thread, by another test. */
  private final Set<Thread> others = Set.copyOf(Thread.getAllStackTraces().keySet());

  @TempDir Path work;
  private final List<Thread> closers = new ArrayList<>();
  private long promised;
  private int standbys;

  /** Who ends it. */
  enum Cut {
    ENVIRONMENT,
    ATTACHMENT,
    INTERRUPT
  }

  @ParameterizedTest
  @CsvSource({
    "SNAPSHOT, ENVIRONMENT",
    "SNAPSHOT, ATTACHMENT",
    "SNAPSHOT, INTERRUPT",
    "IN_STEP, ENVIRONMENT",
    "IN_STEP, INTERRUPT",
    "RENEWAL, ENVIRONMENT",
    "RENEWAL, INTERRUPT",
    "SYNC, ENVIRONMENT",
    "SYNC, ATTACHMENT",
    "SYNC, INTERRUPT",
    "FOLLOW, ENVIRONMENT",
    "FOLLOW, ATTACHMENT",
    "FOLLOW, INTERRUPT",
    "DRILL, ENVIRONMENT",
    "DRILL, INTERRUPT",
    "FAILOVER, ENVIRONMENT",
    "FAILOVER, INTERRUPT"
  })
  void atEachMoment(Work kind, Cut cut) throws Exception {
    Standby standby = null;
    for (String moment : kind.moments()) {
      if (standby == null || kind.needsFreshStandby()) {
        standby = Standby.at(work.resolve("standby" + standbys++));
        prepare(kind, standby);
      }
      cutOff(kind, cut, moment, standby);
      assertNothingHeld(kind + " cut off at " + moment);
      again(kind, standby);
    }
    promote(standby);
  }

  /** A standby that is up to date, where one is needed. */
  private void prepare(Work kind, Standby standby) throws Exception {
    try (OrderBook book = open();
        DbEnvironment attached = DbEnvironment.attach(book.environment())) {
      place(book);
      if (kind.needsStandby()) {
        Work.RENEWAL.run(standby, SourceRequest.attached(attached), StandbyListener.NONE);
      }
    }
  }

  private OrderBook open() throws Exception {
    return new OrderBook(work.resolve("home"), true);
  }

  /** The same orders each time, so that no database grows while nothing holds bulk loading. */
  private void place(OrderBook book) throws Exception {
    for (int i = 0; i < ORDERS; i++) {
      book.place(i, i % 5, 10);
      promised += 10;
    }
  }

  private void cutOff(Work kind, Cut cut, String moment, Standby standby) throws Exception {
    OrderBook book = open();
    DbEnvironment attached = DbEnvironment.attach(book.environment());
    SourceRequest source = SourceRequest.attached(attached);
    if (kind == Work.SYNC || kind == Work.FOLLOW) {
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    }
    place(book);
    boolean held = attached.hotBackupInProgress();
    Set<String> before = files(standby);
    Thread worker = Thread.currentThread();
    Moments moments =
        new Moments(
            moment,
            () -> {
              switch (cut) {
                case ENVIRONMENT -> close(book);
                case ATTACHMENT -> close(attached);
                case INTERRUPT -> worker.interrupt();
              }
            });
    Optional<Reason> reason = Optional.empty();
    try {
      kind.run(standby, source, moments);
    } catch (StandbyException e) {
      reason = Optional.of(e.reason());
    }
    boolean interrupted = Thread.interrupted();
    for (Thread closer : closers) {
      closer.join();
    }
    closers.clear();
    String as = kind + " by " + cut + " at " + moment;
    assertThat(moments.seen()).as(as).isSubsetOf(kind.moments()).contains(moment);
    assertThat(reason).as(as).isEqualTo(expected(kind, cut, moment));
    assertThat(interrupted).as(as + ": the flag stays").isEqualTo(cut == Cut.INTERRUPT);
    if (cut == Cut.INTERRUPT && reason.isPresent()) {
      assertThat(attached.hotBackupInProgress()).as(as + ": hold").isEqualTo(held);
    }
    if (reason.isPresent()) {
      Set<String> left = files(standby);
      left.removeAll(kind.mayLeave());
      assertThat(left).as(as + ": left").isSubsetOf(before);
    }
    attached.close();
    if (cut != Cut.ENVIRONMENT) {
      book.close();
    }
  }

  private static Optional<Reason> expected(Work kind, Cut cut, String moment) {
    if (cut == Cut.INTERRUPT) {
      return kind == Work.FOLLOW || moment.equals(LAST)
          ? Optional.empty()
          : Optional.of(Reason.INTERRUPTED);
    }
    if (kind == Work.FOLLOW) {
      return Optional.of(Reason.SOURCE_CLOSED);
    }
    return moment.equals(LAST) || !kind.needsSourceToTheEnd()
        ? Optional.empty()
        : Optional.of(Reason.SOURCE_CLOSED);
  }

  /** Closes on another thread; returns when that is done, or waits for this one. */
  private void close(AutoCloseable what) {
    Thread closer =
        new Thread(
            () -> {
              try {
                what.close();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    closers.add(closer);
    closer.start();
    while (closer.isAlive() && !isHeldUp(closer)) {
      Thread.onSpinWait();
    }
  }

  /** By this thread, which is in a call, and not by another for a moment. */
  private static boolean isHeldUp(Thread closer) {
    ThreadInfo seen = ManagementFactory.getThreadMXBean().getThreadInfo(closer.getId());
    if (seen == null || seen.getLockInfo() == null) {
      return false;
    }
    return seen.getThreadState() == Thread.State.BLOCKED
        ? seen.getLockOwnerId() == Thread.currentThread().getId()
        : seen.getLockInfo().getClassName().startsWith(ReentrantReadWriteLock.class.getName());
  }

  /** What lies in the standby's marks; the lock file and what is said of errors stay. */
  private static Set<String> files(Standby standby) throws IOException {
    Path marks = standby.directory().resolve(".bdb-standby");
    Set<String> names = new TreeSet<>();
    if (Files.exists(marks)) {
      try (Stream<Path> all = Files.list(marks)) {
        all.map(path -> path.getFileName().toString()).forEach(names::add);
      }
    }
    return names;
  }

  private void assertNothingHeld(String as) throws Exception {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("bdb-standby") && !others.contains(thread)) {
        thread.join(300_000); // it has been told to end
        assertThat(thread.isAlive()).as("%s: %s", as, thread).isFalse();
      }
    }
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : all.toList()) {
        assertThat(target(each)).as(as).doesNotStartWith(work.toString());
      }
    }
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return ""; // closed since it was listed
    }
  }

  /** The same once more, uncut, by the application that is open again; or what it left is used. */
  private void again(Work kind, Standby standby) throws Exception {
    try (OrderBook book = open();
        DbEnvironment attached = DbEnvironment.attach(book.environment())) {
      SourceRequest source = SourceRequest.attached(attached);
      if (kind == Work.FAILOVER) {
        promote(standby);
        return;
      }
      Work next = kind == Work.FOLLOW ? Work.SYNC : kind;
      next.run(standby, source, StandbyListener.NONE);
    }
  }

  private void promote(Standby standby) throws Exception {
    try {
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    } catch (StandbyException e) {
      assertThat(e.reason()).isEqualTo(Reason.PROMOTED); // it had come to its end
    }
    try (OrderBook copy = new OrderBook(standby.directory(), true)) {
      assertThat(copy.owed()).isEqualTo(promised);
      assertThat(copy.count()).isEqualTo(ORDERS);
    }
  }
}
