package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What status and failover promise to whoever reads their output, and what lies there afterwards.
 */
final class StandbyContractTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree,queue");
    Files.writeString(home.resolve("DB_CONFIG"), "set_flags DB_TXN_NOSYNC off\n");
  }

  private Outcome snapshot(Object... more) throws Exception {
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby));
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  private static JsonNode step(JsonNode json, String name) {
    for (JsonNode step : json.path("steps")) {
      if (step.path("step").asText().equals(name)) {
        return step;
      }
    }
    throw new AssertionError(name + " is not in " + json);
  }

  @Test
  void status() throws Exception {
    JsonNode made = snapshot().good();
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("state").asText()).isEqualTo("standby");
    assertThat(status.path("home").asText()).isEqualTo(home.toRealPath().toString());
    assertThat(status.path("standby").asText()).isEqualTo(standby.toString());
    assertThat(status.path("recoveredTo")).isEqualTo(made.path("recoveredTo"));
    assertThat(status.path("behindBytes").asLong(-1)).as("%s", status).isZero();
    assertThat(status.path("problem").isMissingNode()).isTrue();
    Writer.work(home, 300);
    Map<String, String> before = Tree.of(standby);
    Map<String, String> source = Tree.of(home);
    status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("behindBytes").asLong()).isPositive();
    assertThat(Tree.of(standby)).isEqualTo(before);
    assertThat(Tree.of(home)).isEqualTo(source);
    JsonNode synced = Cli.json("sync", "--standby", standby).good();
    status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("recoveredTo")).isEqualTo(synced.path("recoveredTo"));
    assertThat(status.path("sourceEnd")).isEqualTo(synced.path("recoveredTo"));
    assertThat(status.path("behindBytes").asLong(-1)).isZero();
    Files.move(home, work.resolve("moved"));
    status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("problem").asText()).contains(home.toString());
    Cli.json("failover", "--standby", standby).good();
    status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("state").asText()).isEqualTo("promoted");
  }

  @Test
  void failoverMakesAHomeThatNeedsNothingOfOurs() throws Exception {
    snapshot().good();
    Writer.work(home, 300, "--sync");
    JsonNode json = Cli.json("failover", "--standby", standby).good();
    assertThat(json.path("command").asText()).isEqualTo("failover");
    assertThat(step(json, "copy-logs").path("files").asLong()).isPositive();
    Writer.run("check", standby, "--expect-min-journal", "300");
    Child.Ended recovered;
    try (Child recover =
        Child.start(new ProcessBuilder("db5.3_recover", "-c", "-h", standby.toString()))) {
      recovered = recover.await();
    }
    assertThat(recovered.code()).as("%s", recovered).isZero();
    Writer.work(standby, 100, "--recover");
    Writer.run("check", standby, "--expect-min-journal", "400");
    Outcome sync = Cli.json("sync", "--standby", standby);
    assertThat(sync.code()).isEqualTo(3);
    assertThat(sync.json().path("reason").asText()).isEqualTo("promoted");
  }

  @Test
  void failoverWhenTheSourceIsGone() throws Exception {
    snapshot().good();
    Writer.work(home, 300);
    Cli.json("sync", "--standby", standby).good();
    Tree.delete(home);
    JsonNode json = Cli.json("failover", "--standby", standby).good();
    assertThat(json.path("notes").get(0).asText()).contains(home.toString());
    Writer.run("check", standby, "--expect-min-journal", "300");
  }

  @Test
  void otherFilesComeAlong() throws Exception {
    Files.writeString(home.resolve("notes.txt"), "first");
    snapshot().good();
    assertThat(standby.resolve("notes.txt")).hasContent("first");
    assertThat(standby.resolve("DB_CONFIG")).hasSameBinaryContentAs(home.resolve("DB_CONFIG"));
    Files.writeString(home.resolve("notes.txt"), "second, longer");
    Files.writeString(home.resolve("DB_CONFIG"), "set_cachesize 0 33554432 1\n");
    Cli.json("sync", "--standby", standby).good();
    assertThat(standby.resolve("notes.txt")).hasContent("second, longer");
    assertThat(standby.resolve("DB_CONFIG")).hasSameBinaryContentAs(home.resolve("DB_CONFIG"));
    Cli.json("verify", "--standby", standby).good();
  }
}
