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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes, JSON keys and options that other people's scripts rely on. */
final class ContractTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path archive;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    archive = work.resolve("archive");
    Writer.init(home, "--types", "btree,queue");
    Files.writeString(home.resolve("DB_CONFIG"), "set_flags DB_TXN_NOSYNC off\n");
  }

  private Outcome snapshot(Object... more) throws Exception {
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby));
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  private void cycle(JsonNode json, String command, String procedure, String... steps) {
    assertThat(json.path("command").asText()).isEqualTo(command);
    assertThat(json.path("home").asText()).isEqualTo(home.toString());
    assertThat(json.path("standby").asText()).isEqualTo(standby.toString());
    assertThat(json.path("procedure").asText()).isEqualTo(procedure);
    assertThat(json.path("copyMethod").asText()).isIn("direct", "reflink");
    assertThat(json.path("seconds").isNumber()).isTrue();
    List<String> seen = new ArrayList<>();
    for (JsonNode step : json.path("steps")) {
      seen.add(step.path("step").asText());
      assertThat(step.path("files").isIntegralNumber()).isTrue();
      assertThat(step.path("bytes").isIntegralNumber()).isTrue();
      assertThat(step.path("seconds").isNumber()).isTrue();
    }
    assertThat(seen).containsExactly(steps);
    JsonNode logs = json.path("logs");
    for (String key : List.of("retained", "needed", "first", "last")) {
      assertThat(logs.path(key).isIntegralNumber()).as("logs.%s of %s", key, json).isTrue();
    }
    assertThat(logs.path("needed").asLong())
        .isEqualTo(logs.path("last").asLong() - logs.path("first").asLong() + 1);
    assertThat(json.path("recoveredTo").path("file").asLong())
        .isEqualTo(logs.path("last").asLong());
    assertThat(json.path("recoveredTo").path("offset").asLong()).isPositive();
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
  void shortProcedure() throws Exception {
    JsonNode first = snapshot().good();
    cycle(
        first, "snapshot", "copy", "copy-databases", "remove-standby-logs", "copy-logs", "recover");
    assertThat(step(first, "copy-databases").path("files").asLong()).isPositive();
    assertThat(step(first, "remove-standby-logs").path("files").asLong()).isZero();
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
    JsonNode second = Cli.json("sync", "--standby", standby).good();
    cycle(second, "sync", "copy", "remove-standby-logs", "copy-logs", "recover");
    assertThat(step(second, "copy-logs").path("bytes").asLong()).isPositive();
    Cli.json("sync", "--standby", standby).good();
    JsonNode idle = Cli.json("sync", "--standby", standby).good();
    cycle(idle, "sync", "copy", "remove-standby-logs", "copy-logs", "recover");
    assertThat(idle.path("recoveredTo")).isEqualTo(second.path("recoveredTo"));
    assertThat(idle.path("logs").path("needed").asLong())
        .isLessThan(idle.path("logs").path("retained").asLong());
    cycle(
        snapshot().good(),
        "snapshot",
        "copy",
        "copy-databases",
        "remove-standby-logs",
        "copy-logs",
        "recover");
    Writer.run("check", standby, "--expect-min-journal", "600");
  }

  @Test
  void longProcedure() throws Exception {
    String[] steps = {
      "copy-databases", "archive-standby-logs", "move-inactive-logs", "copy-logs", "recover"
    };
    String[] later = {"archive-standby-logs", "move-inactive-logs", "copy-logs", "recover"};
    cycle(
        snapshot("--procedure", "archive", "--archive", archive).good(),
        "snapshot",
        "archive",
        steps);
    for (int i = 0; i < 3; i++) {
      Writer.work(home, 300);
      Writer.run("checkpoint", home);
      // The standby remembers which procedure it is kept by.
      cycle(Cli.json("sync", "--standby", standby).good(), "sync", "archive", later);
    }
    assertThat(archive.resolve("log.0000000001")).exists();
    assertThat(home.resolve("log.0000000001")).doesNotExist();
    assertThat(Cli.json("status", "--standby", standby).good().path("archive").asText())
        .isEqualTo(archive.toString());
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby, "--expect-min-journal", "900");
  }

  @Test
  void aStandbyIsKeptAsItWas() throws Exception {
    snapshot("--procedure", "archive", "--archive", archive, "--layout", "flat").good();
    assertThat(snapshot("--dry-run").good().path("steps")).hasSize(5);
    assertThat(snapshot().good().path("procedure").asText()).isEqualTo("archive");
    assertKept("archive", archive, "flat");
    assertThat(snapshot("--passive").json().path("reason").asText()).isEqualTo("not-passive");
    snapshot("--procedure", "archive", "--layout", "mirror").good();
    assertKept("archive", archive, "mirror");
    Path other = work.resolve("other");
    snapshot("--archive", other).good();
    assertKept("archive", other, "mirror");
    Writer.work(home, 300);
    Cli.json("sync", "--standby", standby).good();
    snapshot("--procedure", "copy").good();
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("procedure").asText()).isEqualTo("copy");
    assertThat(status.has("archive")).isFalse();
    assertThat(snapshot("--archive", archive).code()).as("no longer kept so").isEqualTo(2);
  }

  private void assertKept(String procedure, Path place, String layout) throws Exception {
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("procedure").asText()).isEqualTo(procedure);
    assertThat(status.path("archive").asText()).isEqualTo(place.toString());
    assertThat(status.path("layout").asText()).isEqualTo(layout);
  }

  /** Its file may be there, too. */
  @Test
  void aNameThatBeginsWithAt() throws Exception {
    Files.writeString(work.resolve("words"), standby + "\n");
    try (Child run =
        Cli.start(Map.of(), work, "snapshot", "--home", "home", "--standby", "@words", "--json")) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).as("%s", ended).isZero();
    }
    assertThat(work.resolve("@words")).isDirectory();
    assertThat(standby).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "snapshot --standby S",
        "snapshot --home H",
        "snapshot --home H --standby S --nonsense",
        "snapshot --home H --standby S --copy sometimes",
        "snapshot --home H --standby S --copy at-rest",
        "snapshot --home H --standby S --procedure archive",
        "snapshot --home H --standby S --procedure other",
        "snapshot --home H --standby S --archive S.archive",
        "snapshot --home H --standby S --procedure copy --archive S.archive",
        "snapshot --home H --standby S --layout round",
        "snapshot --home H --standby S --password-file H/none",
        "snapshot --home H --standby S surplus",
        "sync",
        "sync --standby",
        "failover",
        "status",
        "verify",
        "list --home H",
        "list --home H --logs --databases",
        "recover",
        "demo --seconds many"
      })
  void usage(String words) throws Exception {
    List<Object> all = new ArrayList<>();
    for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
      all.add(word.replace("H", home.toString()).replace("S", standby.toString()));
    }
    Map<String, String> before = Tree.of(home);
    Outcome outcome = Cli.run(all.toArray());
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ");
    assertThat(standby).doesNotExist();
    assertThat(Tree.of(home)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "list", "snapshot", "sync", "failover", "recover", "status", "verify", "demo"})
  void help(String command) throws Exception {
    Outcome outcome = command.isEmpty() ? Cli.run("--help") : Cli.run(command, "--help");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("Usage: bdb-standby");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void versions() throws Exception {
    Outcome outcome = Cli.run("--version");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("bdb-standby").contains("5.3");
    assertThat(Cli.run("status", "--version")).isEqualTo(outcome);
  }

  /** As of a script whose variable is not set: it is not the directory that we are in. */
  @Test
  void anEmptyPath() throws Exception {
    for (Object[] words :
        List.of(
            new Object[] {"recover", "--home", ""},
            new Object[] {"failover", "--standby", ""},
            new Object[] {"snapshot", "--home", home, "--standby", ""})) {
      Outcome outcome = Cli.json(words);
      assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.json().path("message").asText()).contains("is empty");
    }
  }

  @Test
  void dryRunsChangeNothing() throws Exception {
    Writer.run("remove-environment", home, "--force");
    Map<String, String> source = Tree.of(home);
    JsonNode plan = snapshot("--dry-run").good();
    assertThat(plan.path("steps")).hasSize(4);
    assertThat(step(plan, "copy-databases").path("bytes").asLong()).isPositive();
    plan = snapshot("--dry-run", "--procedure", "archive", "--archive", archive).good();
    assertThat(plan.path("steps")).hasSize(5);
    assertThat(standby).doesNotExist();
    assertThat(archive).doesNotExist();
    assertThat(Tree.of(home)).isEqualTo(source);
    snapshot().good();
    assertThat(Tree.of(home)).isEqualTo(source);

    Writer.work(home, 20);
    snapshot("--dry-run").good();
    // The hold on bulk loading would be a change as well.
    assertThat(Writer.run("hotbackup-hold get", home).path("hotbackup").asBoolean()).isFalse();
    snapshot().good();
    Writer.work(home, 300);
    source = Tree.withoutRegions(home);
    Map<String, String> held = Tree.of(standby);
    plan = Cli.json("sync", "--standby", standby, "--dry-run").good();
    assertThat(plan.path("steps")).hasSize(3);
    assertThat(step(plan, "copy-logs").path("files").asLong()).isPositive();
    snapshot("--dry-run").good();
    plan = Cli.json("failover", "--standby", standby, "--dry-run").good();
    assertThat(step(plan, "copy-logs").path("files").asLong()).isPositive();
    assertThat(Tree.of(standby)).isEqualTo(held);
    assertThat(Tree.withoutRegions(home)).isEqualTo(source);
  }

  @Test
  void homeFromTheEnvironmentAndRelativePaths() throws Exception {
    try (Child run =
        Cli.start(Map.of("DB_HOME", "home"), work, "snapshot", "--standby", "standby", "--json")) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      assertThat(ended.out()).contains("\"standby\":\"" + standby + "\"");
      assertThat(ended.err()).isEmpty();
    }
    // Whatever DB_HOME says, a standby knows its source.
    try (Child run =
        Cli.start(Map.of("DB_HOME", "other"), work, "sync", "--standby", "standby", "--json")) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      assertThat(ended.out().lines()).hasSize(1);
      assertThat(ended.err()).isEmpty();
    }
    try (Child run = Cli.start(Map.of("DB_HOME", "home"), work, "list", "--logs")) {
      assertThat(run.await().out()).isEqualTo(home.resolve("log.0000000001").toString());
    }
    try (Child run = Cli.start(Map.of(), work, "list", "--home", "home/../home", "--databases")) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).isZero();
      assertThat(ended.out().lines()).allMatch(line -> Path.of(line).isAbsolute());
    }
  }

  @Test
  void withoutJsonResultsAreText() throws Exception {
    Outcome taken = Cli.run("snapshot", "--home", home, "--standby", standby);
    assertThat(taken.code()).isZero();
    assertThat(taken.out()).contains("copy-databases").contains("recover");
    assertThat(taken.err()).isEmpty();
    Outcome refused = Cli.run("sync", "--standby", work);
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("not-a-standby");
  }

  @Test
  void verboseStaysOffStandardOutput() throws Exception {
    try (Child run = Cli.start("snapshot", "--home", home, "--standby", standby, "--json", "-v")) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).isZero();
      assertThat(ended.out().lines()).hasSize(1);
    }
  }
}
