package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time, and no lock that outlives its owner. */
final class LockTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
  }

  /** A snapshot that has stopped before its copies are durable. */
  private Child stoppedSnapshot() throws Exception {
    Map<String, String> stopping =
        Operation.struck(standby, "fsync standby/image/database#1", "stop-before");
    Child run =
        Cli.start(stopping, work, "snapshot", "--home", home, "--standby", standby, "--json");
    run.awaitStop();
    return run;
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
