package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A checkpoint that we have the source make can take long: here a copy of the application's own
 * holds it up. The lock that it has meanwhile is given back, whatever ends us but SIGKILL.
 */
final class CheckpointLockTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = Files.createDirectory(work.resolve("home"));
    standby = work.resolve("standby");
  }

  /** Until the same call into the regions has been there for a second. */
  private static void awaitLongCall(Child child) throws Exception {
    Path tasks = Path.of("/proc", String.valueOf(child.pid()), "task");
    String seen = "";
    for (int polls = 0, same = 0; same < 10; polls++) {
      assertThat(polls).as("no call that lasts").isLessThan(3000);
      assertThat(child.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(100);
      String now = regionCall(tasks);
      same = !now.isEmpty() && now.equals(seen) ? same + 1 : 0;
      seen = now;
    }
  }

  private static String regionCall(Path tasks) throws IOException {
    try (Stream<Path> threads = Files.list(tasks)) {
      return threads
          .filter(CheckpointLockTest::isRegionCall)
          .map(Path::toString)
          .findFirst()
          .orElse("");
    }
  }

  private static boolean isRegionCall(Path thread) {
    try {
      // The kernel keeps 15 bytes of "bdb-standby-regions".
      return Files.readString(thread.resolve("comm")).strip().equals("bdb-standby-reg");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private void checkpointOfTheApplication() throws Exception {
    ProcessBuilder checkpoint =
        new ProcessBuilder(
            "timeout", "-s", "KILL", "240", "db5.3_checkpoint", "-1", "-h", home.toString());
    try (Child child = Child.start(checkpoint)) {
      assertThat(child.await().code()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalWaitsForTheCheckpoint(String signal) throws Exception {
    Writer.init(home, "--types", "btree", "--cache", "8388608");
    try (Child application = Writer.idle(home)) {
      Child run;
      try (HeldCopy held = new HeldCopy(home, "accounts-btree-0.db")) {
        run = Cli.start("snapshot", "--home", home, "--standby", standby, "--checkpoint");
        awaitLongCall(run);
        run.signal(signal);
        TimeUnit.SECONDS.sleep(4); // longer than the grace that anything else has
        run.signal(signal);
      }
      try (run) {
        assertThat(run.await().code()).isEqualTo(signal.equals("TERM") ? 143 : 130);
      }
      checkpointOfTheApplication();
      assertThat(application.isAlive()).isTrue();
    }
  }
}
