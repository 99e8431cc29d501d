package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's own face: following in the background, listeners, outcomes, options. */
final class FollowerTest {
  private static final FollowOptions OFTEN =
      FollowOptions.builder().interval(Duration.ofMillis(200)).build();

  @TempDir Path work;
  private Path home;
  private Standby standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = Standby.at(work.resolve("standby"));
    Writer.init(home, "--accounts", "300");
  }

  private void snapshot() {
    standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE);
  }

  /** Lets a test wait for cycles. */
  private static final class Cycles implements StandbyListener {
    private final CountDownLatch latch;
    private final List<String> told = new ArrayList<>();

    Cycles(int count) {
      latch = new CountDownLatch(count);
    }

    @Override
    public void cycleEnded(CycleReport report) {
      note(report.command());
      latch.countDown();
    }

    @Override
    public void refused(RefusedException why) {
      note("refused " + why.reason().word());
    }

    @Override
    public void snapshotNeeded(SnapshotNeededException why) {
      note("needed " + why.reason().word());
    }

    @Override
    public void failed(CycleFailedException why) {
      note("failed " + why.reason().word());
    }

    private synchronized void note(String what) {
      told.add(what);
    }

    synchronized List<String> told() {
      return List.copyOf(told);
    }

    void await() throws InterruptedException {
      assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void followsUntilItIsClosed() throws Exception {
    try (Child application =
        Writer.start(home, "--seconds", "0", "--rate", "300", "--checkpoint-ms", "100")) {
      snapshot();
      Cycles cycles = new Cycles(3);
      ObjectName bean;
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      Follower follower = standby.startFollower(OFTEN, cycles);
      try (follower) {
        bean = follower.register();
        cycles.await();
        assertThat(follower.isRunning()).isTrue();
        assertThat(follower.health().isGood()).as("%s", follower.health()).isTrue();
        assertThat(beans.getAttribute(bean, "Good")).isEqualTo(true);
        assertThat((String) beans.getAttribute(bean, "RecoveredTo")).contains("/");
        assertThatExceptionOfType(RefusedException.class)
            .isThrownBy(() -> standby.sync(StandbyListener.NONE))
            .matches(e -> e.reason() == Reason.LOCKED);
      }
      assertThat(follower.isRunning()).isFalse();
      assertThat(follower.completion()).isCompleted();
      assertThat(beans.isRegistered(bean)).isFalse();
      assertThat(cycles.told()).containsOnly("follow");
      follower.close(); // twice is once
      standby.sync(StandbyListener.NONE);
      application.stop();
    }
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    Writer.run("check", standby.directory());
  }

  @Test
  void anExecutorsThreadIsGivenBackAsItWas() throws Exception {
    Writer.work(home, 200);
    snapshot();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Cycles cycles = new Cycles(1);
      Follower follower =
          standby.startFollower(OFTEN, cycles, FollowMonitor.unread(standby), executor);
      cycles.await();
      follower.close();
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void closedBeforeItBeganItNeverBegins() throws Exception {
    Writer.work(home, 200);
    snapshot();
    AtomicReference<Runnable> kept = new AtomicReference<>();
    Cycles cycles = new Cycles(1);
    Follower follower =
        standby.startFollower(OFTEN, cycles, FollowMonitor.unread(standby), kept::set);
    follower.close();
    kept.get().run();
    assertThat(follower.completion()).isCompleted();
    assertThat(cycles.told()).isEmpty();
  }

  @Test
  void whatEndsItIsTold() throws Exception {
    Cycles cycles = new Cycles(1);
    try (Follower follower = standby.startFollower(OFTEN, cycles)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(follower::await)
          .matches(e -> e.reason() == Reason.NOT_A_STANDBY);
      assertThat(follower.completion()).isCompletedExceptionally();
    }
    assertThat(cycles.told()).containsExactly("refused not-a-standby");
  }

  @Test
  void aListenerCantCloseItsOwnFollower() throws Exception {
    Writer.work(home, 200);
    snapshot();
    AtomicReference<Follower> own = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    StandbyListener closing =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            try {
              known.await();
              own.get().close();
            } catch (InterruptedException | IllegalStateException e) {
              thrown.set(e);
            }
            told.countDown();
          }
        };
    try (Follower follower = standby.startFollower(OFTEN, closing)) {
      own.set(follower);
      known.countDown();
      assertThat(told.await(5, TimeUnit.MINUTES)).isTrue();
      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aFailoverEndsItWithoutAnError() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "300")) {
      snapshot();
      Cycles cycles = new Cycles(2);
      try (Follower follower = standby.startFollower(OFTEN, cycles)) {
        cycles.await();
        application.kill();
        Cli.json("failover", "--standby", standby.directory(), "--take-over").good();
        follower.await();
        assertThat(follower.completion()).isCompleted();
      }
    }
    Writer.run("check", standby.directory());
  }

  @Test
  void outcomesAreLookedAt() throws Exception {
    Writer.work(home, 200);
    assertThat(Outcome.of(() -> standby.sync(StandbyListener.NONE)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.why().reason()).isEqualTo(Reason.NOT_A_STANDBY));
    snapshot();
    assertThat(Outcome.of(() -> standby.sync(StandbyListener.NONE)))
        .isInstanceOf(Outcome.Done.class);
    Writer.work(home, 3000);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    Cycles cycles = new Cycles(1);
    assertThat(Outcome.of(() -> standby.sync(cycles)))
        .isInstanceOfSatisfying(
            Outcome.SnapshotNeeded.class,
            needed -> assertThat(needed.why().reason()).isEqualTo(Reason.LOG_GAP));
    assertThat(cycles.told()).containsExactly("needed log-gap");
  }

  @Test
  void aGentleSnapshotIsTheSame() throws Exception {
    Writer.work(home, 500);
    standby.snapshot(
        SourceRequest.of(home),
        SnapshotOptions.builder().bytesPerSecond(4 << 20).bufferBytes(64 << 10).build(),
        StandbyListener.NONE);
    Writer.run("check", standby.directory());
    assertThatThrownBy(() -> new CopyLimits(-1, 1 << 20)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new CopyLimits(0, 100_000)).hasMessageContaining("100000");
    assertThatThrownBy(() -> new CopyLimits(0, 32 << 10)).hasMessageContaining("32768");
  }
}
