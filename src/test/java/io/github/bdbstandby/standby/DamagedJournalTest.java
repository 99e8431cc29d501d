package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A switch that can't be ended is told by who only looks as by who would end it. */
final class DamagedJournalTest {
  @TempDir Path work;

  @ParameterizedTest
  @ValueSource(strings = {"{}", "", "no json"})
  void isTold(String text) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path journal = new StandbyDirectory(standby).journal();
    Files.writeString(journal, text);
    Object[][] runs = {
      {"sync", "--standby", standby, "--dry-run"},
      {"sync", "--standby", standby},
      {"failover", "--standby", standby, "--dry-run"},
      {"snapshot", "--home", home, "--standby", standby, "--dry-run"},
      {"snapshot", "--home", home, "--standby", standby},
      {"verify", "--standby", standby}
    };
    for (Object[] run : runs) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(run[0].toString(), "damaged", journal, () -> Cli.json(run));
    }
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("switching").asBoolean()).isTrue();
    assertThat(status.path("problem").asText()).contains("damaged").contains(journal.toString());
  }
}
