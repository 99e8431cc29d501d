package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time, and no lock that outlives its owner. */
final class LockTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path image;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    image = standby.resolve(".bdb-standby").resolve("image");
    Writer.init(home, "--types", "btree", "--accounts", "5000", "--log-size", "1048576");
    // Enough bytes that a run can be met in the middle.
    Files.write(home.resolve("large"), new byte[64 << 20]);
  }

  /** A snapshot stopped in the middle; one that was too fast is taken again. */
  private Child stoppedSnapshot() throws Exception {
    while (true) {
      Child run = Cli.start("snapshot", "--home", home, "--standby", standby, "--json");
      while (run.isAlive() && !Files.isDirectory(image)) {
        Thread.onSpinWait();
      }
      run.signal("STOP");
      if (Files.isDirectory(image) && run.isAlive()) {
        return run;
      }
      run.signal("CONT");
      run.close();
    }
  }

  @Test
  void secondRun() throws Exception {
    try (Child first = stoppedSnapshot()) {
      Path lock = standby.resolve(".bdb-standby").resolve("lock");
      for (String how : List.of("--dry-run", "-v")) {
        Refusal.leaving(standby)
            .andSources(home)
            .refused(
                "snapshot",
                "locked",
                lock,
                () -> Cli.json("snapshot", "--home", home, "--standby", standby, how));
      }
      // No snapshot was ever whole here.
      Refusal.leaving(standby)
          .refused("sync", "not-a-standby", standby, () -> Cli.json("sync", "--standby", standby));
      first.signal("CONT");
      assertThat(first.await().code()).isZero();
    }
    try (Child second = stoppedSnapshot()) {
      for (String command : new String[] {"sync", "failover", "verify"}) {
        Refusal.leaving(standby)
            .andSources(home)
            .refused(command, "locked", standby, () -> Cli.json(command, "--standby", standby));
      }
      for (String command : new String[] {"sync", "failover"}) {
        Refusal.leaving(standby)
            .andSources(home)
            .refused(
                command,
                "locked",
                "process " + second.pid(),
                () -> Cli.json(command, "--standby", standby, "--dry-run"));
      }
      assertThat(Cli.json("status", "--standby", standby).good().path("running").asBoolean())
          .isTrue();
      second.kill();
    }
    assertThat(Cli.json("status", "--standby", standby).good().path("running").asBoolean())
        .isFalse();
    Cli.json("sync", "--standby", standby).good();
    Writer.run("check", standby);
  }

  @Test
  void killedFirstSnapshotIsNoStandby() throws Exception {
    try (Child first = stoppedSnapshot()) {
      first.kill();
    }
    for (String command : new String[] {"sync", "failover", "verify", "status"}) {
      Refusal.leaving(standby)
          .refused(
              command, "not-a-standby", standby, () -> Cli.json(command, "--standby", standby));
    }
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.run("check", standby);
  }

  @Test
  void signalsEndARunCleanly() throws Exception {
    for (String signal : new String[] {"INT", "TERM"}) {
      try (Child run = stoppedSnapshot()) {
        run.signal(signal);
        run.signal("CONT");
        assertThat(run.await().code()).isEqualTo(signal.equals("INT") ? 130 : 143);
      }
      // Nothing is left of a first snapshot.
      assertThat(standby).doesNotExist();
    }
  }
}
