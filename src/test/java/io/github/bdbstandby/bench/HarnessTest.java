package io.github.bdbstandby.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness measures what it says, on environments that are small. */
final class HarnessTest {
  private static final List<String> SNAPSHOTS =
      List.of(
          "hotbackup",
          "hotbackup-c",
          "guide-copy",
          "guide-archive",
          "java-api",
          "ours-cli",
          "ours");
  private static final List<String> UPDATES =
      List.of(
          "hotbackup-u",
          "hotbackup-u-again",
          "guide-copy",
          "guide-archive",
          "guide-archive-again",
          "java-api-update",
          "ours-cli",
          "ours",
          "bare-replay");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"snapshot-quiet", "cycle-paced"})
  void everybodyMakesAGoodCopy(String scenario) throws Exception {
    JsonNode report = run(scenario, 1);

    List<String> peers = scenario.equals("snapshot-quiet") ? SNAPSHOTS : UPDATES;
    assertThat(subjects(report, "good")).containsExactlyInAnyOrderElementsOf(peers);
    assertThat(subjects(report, "wall")).containsAll(peers).contains("limit");
    for (JsonNode figure : figures(report, "good")) {
      assertThat(figure.path("samples").get(0).asDouble()).as(figure.toString()).isEqualTo(1);
    }
    assertThat(report.path("ratios")).isNotEmpty();
  }

  @Test
  void memoryIsLookedAt() throws Exception {
    JsonNode report = run("memory", 1);

    for (String measure : List.of("heap", "resident")) {
      assertThat(figures(report, measure))
          .singleElement()
          .satisfies(figure -> assertThat(figure.path("samples").get(0).asDouble()).isPositive());
    }
  }

  @Test
  void nobodyKnowsAnotherScenario() {
    assertThat(Bench.commandLine().execute("run", "--scenario", "none", "--dir", "x")).isNotZero();
  }

  private JsonNode run(String scenario, int rounds) throws Exception {
    Path out = directory.resolve("out");
    int code =
        Bench.commandLine()
            .execute(
                "run",
                "--scenario",
                scenario,
                "--scale",
                "small",
                "--rounds",
                String.valueOf(rounds),
                "--dir",
                directory.resolve("work").toString(),
                "--out",
                out.toString());
    assertThat(code).isZero();
    return new ObjectMapper().readTree(Files.readString(out.resolve("report.json")));
  }

  private static List<JsonNode> figures(JsonNode report, String measure) {
    return StreamSupport.stream(report.path("figures").spliterator(), false)
        .filter(figure -> figure.path("measure").asText().equals(measure))
        .toList();
  }

  private static List<String> subjects(JsonNode report, String measure) {
    return figures(report, measure).stream()
        .map(figure -> figure.path("subject").asText())
        .toList();
  }
}
