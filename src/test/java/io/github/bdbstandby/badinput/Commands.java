package io.github.bdbstandby.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Our commands in a small Java machine apart, so that one that hangs or crashes is seen and ended.
 * It serves many, since starting one takes a while.
 */
public final class Commands implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Room for a command, and not for what a damaged file claims. */
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xcheck:jni");

  /** A follower tells it as an event, too. */
  private static final Pattern EVENT = Pattern.compile("(?m)^[0-9:.]+ ERROR events: .*\n");

  private final Path temporary;
  private Child machine;
  private int answers;

  /** None runs yet; the first starts the machine. */
  public Commands(Path temporary) {
    this.temporary = temporary;
  }

  /** Runs one, and holds it to what is promised of any; at most a minute. */
  public Outcome run(Object... words) throws Exception {
    if (machine == null) {
      machine = Child.start(ChildJvm.of(CommandsMain.class, temporary, SMALL));
      answers = 0;
    }
    String[] text = new String[words.length + 1];
    for (int i = 0; i < words.length; i++) {
      text[i] = words[i].toString();
    }
    text[words.length] = "--json";
    try {
      machine.send(JSON.writeValueAsString(text));
      String answer = machine.awaitLines(CommandsMain.ANSWER, ++answers).get(answers - 1);
      Outcome outcome =
          JSON.readValue(answer.substring(CommandsMain.ANSWER.length()), Outcome.class);
      assertOrderly(outcome);
      return outcome;
    } catch (IOException e) {
      close(); // it hangs or has crashed: the next gets another
      throw new AssertionError(String.join(" ", text) + ": " + e.getMessage(), e);
    }
  }

  private static void assertOrderly(Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isIn(0, 1, 3, 4, 5);
    assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(outcome.nativeErr()).as("printed past us: %s", outcome).isEmpty();
    JsonNode json = outcome.json();
    if (Set.of(1, 3, 4).contains(outcome.code())) {
      assertThat(json.path("reason").asText()).as("%s", outcome).isNotBlank();
      assertThat(json.path("message").asText()).as("%s", outcome).isNotBlank();
      assertThat(json.path("hint").asText()).as("%s", outcome).isNotBlank();
      assertThat(EVENT.matcher(outcome.err()).replaceAll("")).startsWith("bdb-standby: ");
    }
  }

  @Override
  public void close() throws IOException {
    if (machine != null) {
      machine.close();
      machine = null;
    }
  }
}
