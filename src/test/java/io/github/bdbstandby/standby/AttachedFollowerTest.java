package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An attached source that is followed, several times at once too. */
final class AttachedFollowerTest extends AttachedApplication {
  /** Two standbys of one attachment, at the same time; one of them is then worked on twice. */
  @Test
  void oneAttachmentServesMany() throws Exception {
    SourceRequest source = open();
    Standby other = Standby.at(work.resolve("other"));
    CompletableFuture<CycleReport> second =
        CompletableFuture.supplyAsync(
            () -> other.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE));
    snapshot(source);
    second.get(5, TimeUnit.MINUTES);
    assertThat(other.status().problem()).isEmpty();
    Following follower = new Following(standby, source);
    follower.awaitCycle();
    assertThat(thrownBy(() -> standby.sync(SyncOptions.of(source), StandbyListener.NONE)).reason())
        .isEqualTo(Reason.LOCKED);
    follower.interrupt();
    assertThat(follower.end()).isEmpty();
    other.sync(SyncOptions.of(source), StandbyListener.NONE);
  }

  /** A follower on a thread of its own. */
  private static final class Following implements StandbyListener {
    private final CountDownLatch appliedOrEnded = new CountDownLatch(1);
    private final CompletableFuture<Optional<StandbyException>> end = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean applied;

    Following(Standby standby, SourceRequest source) {
      thread = new Thread(() -> follow(standby, source), "follower");
      thread.start();
    }

    private void follow(Standby standby, SourceRequest source) {
      try {
        standby.follow(FollowOptions.of(source), this);
        end.complete(Optional.empty());
      } catch (StandbyException e) {
        end.complete(Optional.of(e));
      } catch (RuntimeException | Error e) {
        end.completeExceptionally(e);
      } finally {
        appliedOrEnded.countDown();
      }
    }

    @Override
    public void cycleEnded(CycleReport report) {
      applied = true;
      appliedOrEnded.countDown();
    }

    void awaitCycle() throws Exception {
      assertThat(appliedOrEnded.await(5, TimeUnit.MINUTES)).isTrue();
      assertThat(applied).as("%s", end).isTrue();
    }

    void interrupt() {
      thread.interrupt();
    }

    /** What it has ended with; empty where it was well. */
    Optional<StandbyException> end() throws Exception {
      return end.get(5, TimeUnit.MINUTES);
    }
  }

  @Test
  void aFollowerIsToldThatTheApplicationHasClosed() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    put(RECORDS, RECORDS + 10);
    Following follower = new Following(standby, source);
    follower.awaitCycle();
    put(RECORDS + 10, RECORDS + 20);
    closeEnvironment();
    StandbyException ended = follower.end().orElseThrow();
    assertThat(ended.reason()).isEqualTo(Reason.SOURCE_CLOSED);
    assertThat(ended).hasCauseInstanceOf(ClosedEnvironmentException.class);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20);
  }

  @Test
  void anInterruptEndsAFollowerCleanlyWhateverItDoes() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    for (int round = 0; round < 20; round++) {
      Following follower = new Following(standby, source);
      put(RECORDS + round * 50, RECORDS + round * 50 + 50);
      Thread.sleep(round * 7L);
      follower.interrupt();
      assertThat(follower.end()).isEmpty();
    }
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20 * 50);
  }
}
