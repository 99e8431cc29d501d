package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Writer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.InstanceAlreadyExistsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls at the wrong time, from the wrong thread, twice: the exception that is documented, at once,
 * and a standby that works afterwards.
 */
final class MisuseTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path work;
  private Path home;
  private Standby standby;

  /** What works on a standby. */
  enum Call {
    SNAPSHOT,
    SYNC,
    FOLLOW,
    VERIFY,
    DRILL,
    FAILOVER,
    PLAN_SNAPSHOT,
    PLAN_SYNC,
    PLAN_FAILOVER,
    STATUS;

    void on(Standby standby, Path home, StandbyListener listener) {
      SourceRequest source = SourceRequest.of(home);
      switch (this) {
        case SNAPSHOT -> standby.snapshot(source, SnapshotOptions.defaults(), listener);
        case SYNC -> standby.sync(listener);
        case FOLLOW -> standby.follow(FollowOptions.defaults(), listener);
        case VERIFY -> standby.verify(Optional.empty(), listener);
        case DRILL -> standby.drill(Optional.empty(), listener);
        case FAILOVER -> standby.failover(FailoverOptions.defaults(), listener);
        case PLAN_SNAPSHOT -> standby.planSnapshot(source, SnapshotOptions.defaults());
        case PLAN_SYNC -> standby.planSync(SyncOptions.defaults());
        case PLAN_FAILOVER -> standby.planFailover(FailoverOptions.defaults());
        case STATUS -> standby.status();
      }
    }
  }

  @BeforeEach
  void followedOnce() throws Exception {
    home = work.resolve("home");
    standby = Standby.at(work.resolve("standby"));
    Writer.init(home);
    Writer.work(home, 300);
    Call.SNAPSHOT.on(standby, home, StandbyListener.NONE);
    Writer.work(home, 300);
  }

  private void call(Call call, StandbyListener listener) {
    call.on(standby, home, listener);
  }

  /** It was not harmed, nobody holds its lock, and it can still take over. */
  private void worksAfterwards() throws Exception {
    if (standby.status().state().equals("standby")) {
      standby.sync(StandbyListener.NONE);
      assertThat(standby.verify(Optional.empty(), StandbyListener.NONE).isGood()).isTrue();
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    }
    assertThat(Writer.run("check", standby.directory()).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }

  /** On a thread of its own, which is still interrupted at the end; null if nothing was thrown. */
  private static Throwable interrupted(Runnable work) {
    return assertTimeoutPreemptively(
        LIMIT,
        () -> {
          Throwable thrown = catchThrowable(work::run);
          assertThat(Thread.interrupted()).as("interrupted after %s", thrown).isTrue();
          return thrown;
        });
  }

  private static void endedOrInterrupted(Throwable thrown) {
    if (thrown != null) {
      assertThat(thrown)
          .isInstanceOfSatisfying(
              CycleFailedException.class,
              failed -> assertThat(failed.reason()).isEqualTo(Reason.INTERRUPTED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptedBefore(Call call) throws Exception {
    endedOrInterrupted(
        interrupted(
            () -> {
              Thread.currentThread().interrupt();
              call(call, StandbyListener.NONE);
            }));
    worksAfterwards();
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPSHOT", "SYNC", "FOLLOW", "VERIFY", "DRILL", "FAILOVER"})
  void interruptedMeanwhile(Call call) throws Exception {
    endedOrInterrupted(
        interrupted(
            () -> {
              Thread caller = Thread.currentThread();
              call(
                  call,
                  new StandbyListener() {
                    @Override
                    public void began(StepName step, long bytes) {
                      caller.interrupt();
                    }
                  });
              caller.interrupt(); // of what tells of no step
            }));
    worksAfterwards();
  }

  /** It must not, and gets its own exception back; the lock is free again. */
  @ParameterizedTest
  @EnumSource(names = {"SNAPSHOT", "SYNC", "FOLLOW", "FAILOVER"})
  void aListenerThrows(Call call) throws Exception {
    IllegalStateException own = new IllegalStateException("the listener's own");
    Throwable thrown =
        assertTimeoutPreemptively(
            LIMIT,
            () ->
                catchThrowable(
                    () ->
                        call(
                            call,
                            new StandbyListener() {
                              @Override
                              public void began(StepName step, long bytes) {
                                throw own;
                              }
                            })));
    assertThat(thrown).isSameAs(own);
    worksAfterwards();
  }

  /** By the listener of a run, which is in the same thread, and by another one. */
  @ParameterizedTest
  @EnumSource(names = {"SNAPSHOT", "SYNC", "FOLLOW", "VERIFY", "DRILL", "FAILOVER"})
  void whileAnotherCallIsAtWork(Call call) throws Exception {
    List<Throwable> thrown = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    assertTimeoutPreemptively(
        LIMIT,
        () ->
            standby.sync(
                new StandbyListener() {
                  @Override
                  public void began(StepName step, long bytes) {
                    if (asked.getAndIncrement() == 0) {
                      thrown.add(catchThrowable(() -> call(call, StandbyListener.NONE)));
                      Thread other =
                          new Thread(
                              () ->
                                  thrown.add(
                                      catchThrowable(() -> call(call, StandbyListener.NONE))));
                      other.start();
                      join(other);
                    }
                  }
                }));
    assertThat(thrown)
        .hasSize(2)
        .allSatisfy(
            each ->
                assertThat(each)
                    .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.LOCKED)));
    worksAfterwards();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterThePromotion(Call call) throws Exception {
    standby.sync(StandbyListener.NONE);
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    Throwable thrown =
        assertTimeoutPreemptively(
            LIMIT, () -> catchThrowable(() -> call(call, StandbyListener.NONE)));
    if (call == Call.STATUS) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown)
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.PROMOTED));
    }
    worksAfterwards();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAStandby(Call call) {
    Standby none = Standby.at(work.resolve("none"));
    Throwable thrown =
        assertTimeoutPreemptively(
            LIMIT, () -> catchThrowable(() -> call.on(none, home, StandbyListener.NONE)));
    if (call == Call.SNAPSHOT || call == Call.PLAN_SNAPSHOT) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown)
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_A_STANDBY));
    }
    assertThat(none.directory().toFile().exists()).isEqualTo(call == Call.SNAPSHOT);
  }

  @Test
  void aFollowerThatIsClosedIsNotShown() throws Exception {
    Follower follower = standby.startFollower(FollowOptions.defaults(), StandbyListener.NONE);
    follower.register();
    assertThatExceptionOfType(InstanceAlreadyExistsException.class).isThrownBy(follower::register);
    follower.close();
    assertThatIllegalStateException().isThrownBy(follower::register);
    assertThat(follower.health()).isNotNull();
    worksAfterwards();
  }

  @Test
  void aFollowersOwnListenerNeitherWaitsForItNorClosesIt() throws Exception {
    AtomicReference<Follower> own = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(2);
    List<Throwable> thrown = new ArrayList<>();
    StandbyListener waiting =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            if (told.getCount() > 1) {
              thrown.add(catchThrowable(known::await));
              thrown.add(catchThrowable(() -> own.get().await()));
              thrown.add(catchThrowable(() -> own.get().close()));
            }
            told.countDown();
          }
        };
    FollowOptions often = FollowOptions.builder().interval(Duration.ofMillis(100)).build();
    try (Follower follower = standby.startFollower(often, waiting)) {
      own.set(follower);
      known.countDown();
      for (int i = 0; i < 300 && told.getCount() > 0; i++) {
        Writer.work(home, 10); // it goes on
        told.await(1, TimeUnit.SECONDS);
      }
      assertThat(told.getCount()).isZero();
      assertThat(follower.isRunning()).isTrue();
    }
    assertThat(thrown.get(0)).isNull();
    assertThat(thrown.get(1)).isInstanceOf(IllegalStateException.class);
    assertThat(thrown.get(2)).isInstanceOf(IllegalStateException.class);
    worksAfterwards();
  }

  @Test
  void aWaitIsInterruptedAndAnInterruptedCloseIsAClose() throws Exception {
    Follower follower = standby.startFollower(FollowOptions.defaults(), StandbyListener.NONE);
    Throwable thrown =
        interrupted(
            () -> {
              Thread.currentThread().interrupt();
              assertThatExceptionOfType(InterruptedException.class).isThrownBy(follower::await);
              Thread.currentThread().interrupt();
              follower.close();
            });
    assertThat(thrown).isNull();
    assertThat(follower.isRunning()).isFalse();
    worksAfterwards();
  }

  @Test
  void aSecondFollowerIsRefused() throws Exception {
    CountDownLatch applied = new CountDownLatch(1);
    StandbyListener listener =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            applied.countDown();
          }
        };
    try (Follower follower = standby.startFollower(FollowOptions.defaults(), listener)) {
      assertThat(applied.await(5, TimeUnit.MINUTES)).isTrue();
      try (Follower second =
          standby.startFollower(FollowOptions.defaults(), StandbyListener.NONE)) {
        assertThatExceptionOfType(RefusedException.class)
            .isThrownBy(second::await)
            .matches(refused -> refused.reason() == Reason.LOCKED);
      }
      assertThat(follower.isRunning()).isTrue();
    }
    worksAfterwards();
  }

  @Test
  void anExecutorOfTheCallersThreadIsRefused() throws Exception {
    FollowMonitor monitor = FollowMonitor.unread(standby);
    assertTimeoutPreemptively(
        LIMIT,
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(
                    () ->
                        standby.startFollower(
                            FollowOptions.defaults(),
                            StandbyListener.NONE,
                            monitor,
                            Runnable::run)));
    worksAfterwards();
  }

  @Test
  void aMonitorOfAnotherStandbyIsRefused() throws Exception {
    FollowMonitor other =
        new FollowMonitor(
            Standby.at(work.resolve("other")), new SimpleMeterRegistry(), Duration.ofMinutes(1));
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () -> standby.follow(FollowOptions.defaults(), StandbyListener.NONE, other));
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () ->
                      standby.startFollower(
                          FollowOptions.defaults(), StandbyListener.NONE, other, task -> {}));
        });
    worksAfterwards();
  }
}
