package io.github.bdbstandby.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A refusal, held to what is promised of it: it says all, and nothing has changed. */
public final class Refusal {
  private final List<Path> exact = new ArrayList<>();
  private final List<Path> sources = new ArrayList<>();

  private Refusal() {}

  /** A command. */
  @FunctionalInterface
  public interface Command {
    Outcome run() throws Exception;
  }

  /** These directories must be byte for byte the same afterwards. */
  public static Refusal leaving(Path... directories) {
    Refusal refusal = new Refusal();
    refusal.exact.addAll(List.of(directories));
    return refusal;
  }

  /** The same for environments in use, but for their regions. */
  public Refusal andSources(Path... homes) {
    sources.addAll(List.of(homes));
    return this;
  }

  /** Runs it: 3, refused. */
  public JsonNode refused(String command, String reason, Object named, Command run)
      throws Exception {
    return expect(3, "refused", command, reason, named, run);
  }

  /** Runs it: 4, a snapshot is needed. */
  public JsonNode snapshotNeeded(String command, String reason, Object named, Command run)
      throws Exception {
    return expect(4, "snapshot-needed", command, reason, named, run);
  }

  private JsonNode expect(
      int code, String outcome, String command, String reason, Object named, Command run)
      throws Exception {
    List<Map<String, String>> before = trees();
    Outcome seen = run.run();
    assertThat(seen.code()).as("%s", seen).isEqualTo(code);
    JsonNode json = seen.json();
    assertThat(json.path("command").asText()).isEqualTo(command);
    assertThat(json.path("outcome").asText()).isEqualTo(outcome);
    assertThat(json.path("reason").asText()).as("%s", json).isEqualTo(reason);
    assertThat(json.path("message").asText()).contains(named.toString());
    assertThat(json.path("hint").asText()).isNotBlank();
    assertThat(seen.err()).contains(reason).contains(json.path("hint").asText());
    assertThat(seen.nativeErr()).as("printed by libdb").isEmpty();
    List<Map<String, String>> after = trees();
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isEqualTo(before.get(i));
    }
    return json;
  }

  private List<Map<String, String>> trees() throws Exception {
    List<Map<String, String>> trees = new ArrayList<>();
    for (Path each : exact) {
      trees.add(Tree.of(each));
    }
    for (Path each : sources) {
      trees.add(Tree.withoutRegions(each));
    }
    return trees;
  }
}
