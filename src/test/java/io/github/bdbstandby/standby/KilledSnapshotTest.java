package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL before any file operation leaves a directory that helps. */
final class KilledSnapshotTest {
  private static final int MOMENTS = 5;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path trace;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    trace = work.resolve("trace");
    Writer.init(home, "--types", "btree,hash,queue", "--accounts", "2000");
    // Many small files make a switch that can be met in the middle.
    Path many = Files.createDirectory(home.resolve("many"));
    for (int i = 0; i < 200; i++) {
      Files.writeString(many.resolve("file" + i), "number " + i);
    }
  }

  private int snapshot(Map<String, String> more) throws Exception {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("LD_PRELOAD", System.getProperty("bdbstandby.faults.library"));
    variables.put("BDB_FAULTS_WATCH", "standby=" + standby);
    Object[] words = {"snapshot", "--home", home, "--standby", standby, "--json"};
    try (Child run = Cli.start(variables, work, words)) {
      return run.await().code();
    }
  }

  /** How many file operations a whole one takes, about: its source is in use. */
  private int operations() throws Exception {
    assertThat(snapshot(Map.of("BDB_FAULTS_TRACE", trace.toString()))).isZero();
    return Files.readAllLines(trace).size();
  }

  /** Kills one there: of the source's regions it then has no lock. */
  private void killAt(int operation) throws Exception {
    String at = String.valueOf(operation);
    assertThat(snapshot(Map.of("BDB_FAULTS_AT", at, "BDB_FAULTS_ACTION", "kill-before")))
        .isEqualTo(128 + 9);
  }

  @Test
  void firstSnapshot() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200")) {
      int operations = operations();
      Tree.delete(standby);
      for (int i = 1; i <= MOMENTS; i++) {
        killAt(i * operations / (MOMENTS + 1));
        Outcome sync = Cli.json("sync", "--standby", standby);
        // 0 where it was already on its way into place.
        assertThat(sync.code()).as("%s", sync).isIn(0, 3);
        if (sync.code() == 3) {
          assertThat(sync.json().path("reason").asText()).isEqualTo("not-a-standby");
        }
        Cli.json("snapshot", "--home", home, "--standby", standby).good();
        check();
        Tree.delete(standby);
      }
      assertThat(application.stop().code()).isZero();
    }
  }

  @Test
  void overAnExistingStandby() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200")) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      int operations = operations();
      for (int i = 1; i <= MOMENTS; i++) {
        killAt(i * operations / (MOMENTS + 1));
        check();
        Outcome sync = Cli.json("sync", "--standby", standby);
        assertThat(sync.code()).as("%s", sync).isIn(0, 4);
        assertThat(sync.nativeErr()).isEmpty();
        check();
        if (sync.code() == 4) {
          Cli.json("snapshot", "--home", home, "--standby", standby).good();
        }
        Cli.json("verify", "--standby", standby).good();
      }
      assertThat(application.stop().code()).isZero();
    }
  }

  /** A copy of the standby, as it lies there, is promoted and found right. */
  private void check() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    Cli.json("failover", "--standby", copy).good();
    Writer.run("check", copy);
    Tree.delete(copy);
  }
}
