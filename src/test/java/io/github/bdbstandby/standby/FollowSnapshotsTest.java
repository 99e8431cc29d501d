package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower has to take a snapshot, and something happens at the source as it does. */
final class FollowSnapshotsTest {
  @TempDir Path work;
  private Path home;
  private Standby standby;

  @BeforeEach
  void aStandbyLeftBehind() throws Exception {
    home = work.resolve("home");
    standby = Standby.at(work.resolve("standby"));
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby.directory()).good();
    Writer.work(home, 900);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
  }

  /** Meddles with the first attempt, and tells what was said of it. */
  private final class Meddler implements StandbyListener {
    private final CountDownLatch taken = new CountDownLatch(1);
    private boolean meddled;
    private Optional<CycleFailedException> failed = Optional.empty();
    private Optional<LastError> noted = Optional.empty();
    private Optional<Child> application = Optional.empty();

    @Override
    public synchronized void began(StepName step, long bytes) {
      if (step == StepName.COPY_DATABASES && !meddled) {
        meddled = true;
        try {
          application = Optional.of(Writer.idle(home));
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public synchronized void failed(CycleFailedException why) {
      failed = Optional.of(why);
      noted = LastError.read(new StandbyDirectory(standby.directory()));
    }

    @Override
    public void cycleEnded(CycleReport report) {
      taken.countDown();
    }
  }

  /** Nobody had it open when the copy began, so that it was copied with nobody asked. */
  @Test
  void oneThatFailsIsToldAndTakenAgain() throws Exception {
    Meddler meddler = new Meddler();
    try (Follower follower = standby.startFollower(FollowOptions.defaults(), meddler)) {
      assertThat(meddler.taken.await(5, TimeUnit.MINUTES)).isTrue();
      assertThat(follower.isRunning()).isTrue();
      synchronized (meddler) {
        assertThat(meddler.failed.map(CycleFailedException::reason))
            .contains(Reason.PRIVATE_ENVIRONMENT);
        assertThat(meddler.noted.map(LastError::reason)).contains("private-environment");
        assertThat(meddler.application.orElseThrow().isAlive()).isTrue();
      }
    } finally {
      if (meddler.application.isPresent()) {
        meddler.application.get().stop();
        meddler.application.get().close();
      }
    }
    Cli.json("sync", "--standby", standby.directory()).good();
    Cli.json("failover", "--standby", standby.directory()).good();
    assertThat(Writer.run("check", standby.directory())).isEqualTo(Writer.run("check", home));
  }
}
