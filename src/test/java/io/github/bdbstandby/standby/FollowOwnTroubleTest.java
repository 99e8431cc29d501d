package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libdb panics over the standby's files, a follower does not wait for its source. */
final class FollowOwnTroubleTest {
  @TempDir Path work;
  private Path home;
  private Standby standby;

  @BeforeEach
  void aStandbyThatIsBehind() throws Exception {
    home = work.resolve("home");
    standby = Standby.at(work.resolve("standby"));
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby.directory()).good();
    Writer.work(home, 900);
  }

  /** libdb finds no metadata page in it. */
  private void damage() throws IOException {
    Path database = standby.directory().resolve("accounts-btree-0.db");
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.truncate(100);
    }
  }

  private void endsFor(StandbyListener listener, Path named) {
    endsFor(FollowOptions.defaults(), listener, named, "io-error");
  }

  private void endsFor(FollowOptions options, StandbyListener listener, Path named, String reason) {
    try (Follower follower = standby.startFollower(options, listener)) {
      assertThat(follower.completion())
          .failsWithin(Duration.ofMinutes(5))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(CycleFailedException.class)
          .withMessageContaining(named.toString());
    }
    assertThat(LastError.read(new StandbyDirectory(standby.directory())).map(LastError::reason))
        .contains(reason);
  }

  /** A snapshot is needed, but who is told that believes the standby to be as it was. */
  @Test
  void behindRecovery() {
    Path home = standby.directory();
    endsFor(
        FollowOptions.builder().snapshotOnGap(false).build(),
        new StandbyListener() {
          @Override
          public void began(StepName step, long bytes) {
            if (step == StepName.RECOVER) {
              throw new CycleFailedException(
                  Reason.UNRESOLVED_DATABASE, home + ": another name", "take a snapshot", null);
            }
          }
        },
        home,
        "unresolved-database");
  }

  /** The source is away just then. */
  @Test
  void inRecovery() {
    endsFor(
        new StandbyListener() {
          @Override
          public void began(StepName step, long bytes) {
            if (step == StepName.RECOVER) {
              try {
                damage();
                Files.move(home, work.resolve("away"));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        },
        standby.directory());
  }
}
