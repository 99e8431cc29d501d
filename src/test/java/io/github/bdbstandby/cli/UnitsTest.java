package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the units start is what the program takes. */
final class UnitsTest {
  private static final Path UNITS = Path.of("packaging", "systemd");

  @TempDir Path work;

  private static List<String> settings(Path unit, String key) throws Exception {
    return Files.readAllLines(unit).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  private Map<String, String> example() throws Exception {
    Map<String, String> variables = new TreeMap<>();
    for (String line : Files.readAllLines(UNITS.resolve("orders.conf"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      }
    }
    variables.put("BDB_HOME", work.resolve("no home").toString());
    variables.put("BDB_STANDBY", work.resolve("no standby").toString());
    return variables;
  }

  /** As systemd does: a variable in braces is one word, one without is as many as it holds. */
  private static List<String> words(String line, Map<String, String> variables) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      if (word.startsWith("${")) {
        words.add(variables.get(word.substring(2, word.length() - 1)));
      } else if (word.startsWith("$")) {
        String value = variables.get(word.substring(1));
        words.addAll(value.isBlank() ? List.of() : List.of(value.split(" ", -1)));
      } else {
        words.add(word);
      }
    }
    assertThat(words.get(0)).isEqualTo("/usr/local/bin/bdb-standby");
    return words.subList(1, words.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"follow", "sync", "drill"})
  void commandsAreUnderstood(String name) throws Exception {
    Path unit = UNITS.resolve("bdb-standby-" + name + "@.service");
    Map<String, String> variables = example();
    variables.computeIfPresent(
        "BDB_FOLLOW_OPTIONS",
        (key, value) -> value.replaceAll("--metrics-port \\d+", "--metrics-port 0"));
    List<String> words = words(settings(unit, "ExecStart").get(0), variables);
    assertThat(words).doesNotContainNull();
    Outcome outcome = Cli.run(words.toArray());
    // Usage would be 2: here all was understood, and only the standby is missing.
    assertThat(outcome.code()).as("%s: %s", words, outcome).isEqualTo(3);
    assertThat(outcome.err()).contains("not-a-standby");
  }

  @Test
  void whatNeedsSomebodyIsNotStartedAgain() throws Exception {
    Path unit = UNITS.resolve("bdb-standby-follow@.service");
    assertThat(settings(unit, "Restart")).containsExactly("on-failure");
    assertThat(settings(unit, "RestartPreventExitStatus").get(0).split(" ", -1))
        .contains(String.valueOf(ExitCode.USAGE), String.valueOf(ExitCode.REFUSED));
    // A JVM that SIGTERM ends exits with a code of its own.
    assertThat(settings(unit, "SuccessExitStatus").get(0).split(" ", -1)).contains("143", "130");
  }
}
