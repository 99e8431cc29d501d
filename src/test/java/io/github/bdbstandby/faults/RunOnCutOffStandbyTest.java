package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Somebody has started the application on a standby, without a failover, when a cycle had been cut
 * off that had let its log in.
 */
final class RunOnCutOffStandbyTest {
  private static final Point MANIFEST = new Point("rename standby/manifest.json", 1);

  @TempDir Path work;
  private Path home;
  private Path standby;
  private String acknowledged;

  @BeforeEach
  void aStandbyWhoseCycleWasCutOff() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged").toString();
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 100, "--checkpoint-ms", "0", "--ack", acknowledged);
    KilledCommand.run("sync", home, standby, work.resolve("trace"), Optional.of(MANIFEST));
  }

  private void runOnAndDie(int commits) throws Exception {
    try (Child application =
        Writer.start(
            standby,
            "--recover",
            "--commits",
            String.valueOf(commits),
            "--checkpoint-ms",
            "0",
            "--hold",
            "--sync",
            "--ack",
            acknowledged)) {
      application.awaitLine("{");
    }
  }

  private static void assertHasAll(Path primary, String acknowledged) throws Exception {
    assertThat(Writer.run("check", primary, "--ack", acknowledged).path("lostAcks").asLong(-1))
        .isZero();
  }

  /** All that was shipped had been let in, and the source has no more: nothing is lost by that. */
  @ParameterizedTest
  @CsvSource({"20,false", "400,false", "20,true"}) // within a log file, and over several
  void aFailoverKeepsItsCommits(int commits, boolean isSourceThere) throws Exception {
    if (!isSourceThere) {
      Tree.delete(home);
    }
    runOnAndDie(commits);
    JsonNode promoted = Cli.json("failover", "--standby", standby).good();
    assertHasAll(standby, acknowledged);
    assertThat(promoted.path("notes").toString()).contains("has commits of its own");
    assertThat(promoted.path("losses")).isEmpty();
  }

  @Test
  void aFailoverRefusesWhereTheSourceHasGoneOn() throws Exception {
    runOnAndDie(20);
    Writer.work(home, 20);
    Outcome refused = Cli.json("failover", "--standby", standby);
    assertThat(refused.code()).as("%s", refused).isEqualTo(4);
    assertThat(refused.json().path("reason").asText()).isEqualTo("history-diverged");
    JsonNode promoted = Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertHasAll(standby, acknowledged);
    assertThat(promoted.path("losses").toString()).contains("has commits of its own");
  }

  @Test
  void aSyncLeavesThemAlone() throws Exception {
    runOnAndDie(400);
    Outcome sync = Cli.json("sync", "--standby", standby);
    assertThat(sync.json().path("reason").asText()).as("%s", sync).isEqualTo("history-diverged");
    Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertHasAll(standby, acknowledged);
  }
}
