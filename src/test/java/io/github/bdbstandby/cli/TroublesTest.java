package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a command from its report has the form of a report. */
final class TroublesTest {
  @TempDir Path work;
  private Path home;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    Writer.init(home, "--types", "btree");
  }

  private static JsonNode failed(Outcome outcome, int code, String command, String reason) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(code);
    assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ");
    JsonNode json = outcome.json();
    assertThat(json.path("command").asText()).isEqualTo(command);
    assertThat(json.path("outcome").asText()).isEqualTo("failed");
    assertThat(json.path("reason").asText()).isEqualTo(reason);
    assertThat(json.path("message").asText()).isNotBlank();
    assertThat(json.path("hint").asText()).isNotBlank();
    return json;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "snapshot --standby S --surplus",
        "sync",
        "list --home H",
        "follow --standby S --interval 3651d",
        "follow --standby S --interval 200000d",
        "follow --standby S --drill-interval 999999999h",
        "demo --seconds 0"
      })
  void usageIsAnObjectToo(String words) throws Exception {
    List<Object> all = new ArrayList<>(List.of(words.split(" ", -1)));
    String command = words.equals("nonsense") ? "bdb-standby" : words.split(" ", -1)[0];
    failed(Cli.json(all.toArray()), 2, command, "usage");
    // Where it is wanted does not matter.
    all.add(1, "--json");
    failed(Cli.run(all.toArray()), 2, command, "usage");
  }

  @Test
  void argumentThatIsNotUtf8() throws Exception {
    Outcome outcome =
        Cli.jsonBy(
            List.of("sh", "-c", "exec \"$@\" --standby \"$(printf 'S\\351')\"", "sh"), "status");
    JsonNode json = failed(outcome, 2, "status", "usage");
    assertThat(json.path("message").asText()).contains("S\\xE9");
  }

  @Test
  void passwordWithANul() throws Exception {
    Path password = Files.write(work.resolve("password"), new byte[] {'a', 0, 'b', '\n'});
    Outcome outcome = Cli.json("list", "--logs", "--home", home, "--password-file", password);
    JsonNode json = failed(outcome, 2, "list", "usage");
    assertThat(json.path("message").asText()).contains(password.toString()).contains("NUL");
  }

  @Test
  void demoWhereNothingCanBeMade() throws Exception {
    Path nowhere = work.resolve("nowhere");
    JsonNode json = failed(Cli.json("demo", "--dir", nowhere), 1, "demo", "io-error");
    assertThat(json.path("message").asText()).contains(nowhere.toString()).contains("no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list --home H --logs", "list --home H --logs --json", "--version"})
  void fullDeviceIsNoticed(String words) throws Exception {
    List<String> prefix = List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh");
    Object[] all = words.replace("H", home.toString()).split(" ", -1);
    try (Child run = Cli.startBy(prefix, all)) {
      Child.Ended ended = run.await();
      assertThat(ended.code()).as("%s", ended).isEqualTo(1);
      assertThat(ended.err()).contains("standard output can't be written");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followEndsWhenNobodyReadsIt(boolean json) throws Exception {
    Path standby = work.resolve("standby");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    String script = "set -o pipefail; \"$@\" | head -n 1";
    List<Object> words = new ArrayList<>(List.of("follow", "--standby", standby));
    words.addAll(List.of("--interval", "50ms"));
    if (json) {
      words.add("--json");
    }
    try (Child follow = Cli.startBy(List.of("bash", "-c", script, "bash"), words.toArray())) {
      follow.awaitLine(json ? "{\"command\":\"follow\"" : "recovered to");
      while (follow.isAlive()) {
        Writer.work(home, 20, "--sync");
      }
      Child.Ended ended = follow.await();
      assertThat(ended.code()).as("%s", ended).isEqualTo(1);
      assertThat(ended.err()).contains("standard output can't be written").doesNotContain("\tat ");
    }
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("lastError").isMissingNode()).as("%s", status).isTrue();
    Cli.json("sync", "--standby", standby).good();
  }
}
