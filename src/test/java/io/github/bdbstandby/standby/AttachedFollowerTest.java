package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An attached source that is followed, several times at once too. */
final class AttachedFollowerTest extends AttachedApplication {
  /** Two standbys of one attachment, at the same time; one of them is then worked on twice. */
  @Test
  void oneAttachmentServesMany() throws Exception {
    SourceRequest source = open();
    Standby other = Standby.at(work.resolve("other"));
    Thread second =
        new Thread(() -> other.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE));
    second.start();
    snapshot(source);
    second.join();
    assertThat(other.status().problem()).isEmpty();
    CountDownLatch applied = new CountDownLatch(1);
    Thread follower = follower(source, applied, new AtomicReference<>());
    applied.await();
    assertThat(thrownBy(() -> standby.sync(SyncOptions.of(source), StandbyListener.NONE)).reason())
        .isEqualTo(Reason.LOCKED);
    follower.interrupt();
    follower.join();
    other.sync(SyncOptions.of(source), StandbyListener.NONE);
  }

  private static StandbyListener counting(CountDownLatch applied) {
    return new StandbyListener() {
      @Override
      public void cycleEnded(CycleReport report) {
        applied.countDown();
      }
    };
  }

  private Thread follower(
      SourceRequest source, CountDownLatch applied, AtomicReference<StandbyException> ended) {
    Thread follower =
        new Thread(
            () -> {
              try {
                standby.follow(FollowOptions.of(source), counting(applied));
              } catch (StandbyException e) {
                ended.set(e);
              }
            });
    follower.start();
    return follower;
  }

  @Test
  void aFollowerIsToldThatTheApplicationHasClosed() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    put(RECORDS, RECORDS + 10);
    CountDownLatch applied = new CountDownLatch(1);
    AtomicReference<StandbyException> ended = new AtomicReference<>();
    Thread follower = follower(source, applied, ended);
    applied.await();
    put(RECORDS + 10, RECORDS + 20);
    closeEnvironment();
    follower.join();
    assertThat(ended.get().reason()).isEqualTo(Reason.SOURCE_CLOSED);
    assertThat(ended.get()).hasCauseInstanceOf(ClosedEnvironmentException.class);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20);
  }

  @Test
  void anInterruptEndsAFollowerCleanlyWhateverItDoes() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    for (int round = 0; round < 20; round++) {
      AtomicReference<StandbyException> ended = new AtomicReference<>();
      Thread follower = follower(source, new CountDownLatch(1), ended);
      put(RECORDS + round * 50, RECORDS + round * 50 + 50);
      Thread.sleep(round * 7L);
      follower.interrupt();
      follower.join();
      assertThat(ended.get()).isNull();
    }
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20 * 50);
  }
}
