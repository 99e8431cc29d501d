package io.github.bdbstandby.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that are kept, in test-envs/scripts. */
final class ScriptsTest {
  private static final Path KEPT =
      Path.of(
          System.getProperty(
              "bdbstandby.scripts", System.getProperty("bdbstandby.testenvs") + "/scripts"));

  static List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(KEPT)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".script"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void goesWell(String name) throws Exception {
    Player.play(Script.parse(Files.readAllLines(KEPT.resolve(name))));
  }

  @Test
  void aScriptIsWhatItsTextSays() {
    String text =
        """
        environment btree 131072 archive auto-remove
        start long churn
        snapshot kill 17
        follow 600 kill 700ms
        """;
    Script script = Script.parse(("# why it is kept\n\n" + text).lines().toList());
    assertThat(script.text()).isEqualTo(text);
    assertThat(Script.parse(script.text().lines().toList())).isEqualTo(script);
  }
}
