package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DB_CONFIG that libdb refuses; the application that runs has not noticed. */
final class RefusedConfigTest {
  private static final String GOOD = "set_flags DB_TXN_NOSYNC off";

  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void make() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--config", GOOD);
  }

  private void append(String line) throws IOException {
    Files.writeString(home.resolve("DB_CONFIG"), line + "\n", StandardOpenOption.APPEND);
  }

  @Test
  void aFollowerGoesOnWithTheOneBefore() throws Exception {
    Path acknowledged = work.resolve("acknowledged");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    String[] busy = {"--seconds", "0", "--rate", "300", "--sync", "--ack", acknowledged.toString()};
    try (Child application = Writer.start(home, busy);
        Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitLines("{", 1);
      append("set_foo bar");
      follower.awaitError("set_foo");
      follower.awaitLines("{", 4);
      application.kill();
      // What it has acknowledged is shipped.
      JsonNode status = Cli.json("status", "--standby", standby).good();
      while (status.path("unshippedBytes").asLong(-1) != 0) {
        assertThat(follower.isAlive()).isTrue();
        Thread.sleep(20);
        status = Cli.json("status", "--standby", standby).good();
      }
      follower.kill();
    }
    Files.move(home, work.resolve("away"));
    Cli.json("failover", "--standby", standby).good();
    assertThat(standby.resolve("DB_CONFIG")).hasContent(GOOD);
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong(-1)).isZero();
  }

  /** Whoever joins reads it, as whoever starts would. A directory without its name kills libdb. */
  @ParameterizedTest
  @ValueSource(
      strings = {"set_foo bar", "set_lg_regionmax 1", "add_data_dir", "set_lg_dir nowhere"})
  void whoJoinsIsRefused(String line) throws Exception {
    refusesToJoin(line);
  }

  private void refusesToJoin(String line) throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    try (Child application = Writer.idle(home)) {
      append(line);
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              "sync",
              "no-environment",
              home.resolve("DB_CONFIG"),
              () -> Cli.jsonBy(List.of(), "sync", "--standby", standby));
      application.stop();
    }
  }

  /** libdb reads 255 bytes at once, and takes what comes next for a line. */
  @ParameterizedTest
  @ValueSource(strings = {"#%s", "set_flags%sDB_TXN_NOSYNC"})
  void theRestOfALongLineIsALineToo(String line) throws Exception {
    String blank = line.startsWith("#") ? "#" : " ";
    String long255 = line.formatted(blank.repeat(255 - line.length() + 2));
    refusesToJoin(long255 + "add_data_dir");
  }

  /** Recovery of the copy would refuse it, when all has been copied. */
  @ParameterizedTest
  @ValueSource(
      strings = {"set_foo bar", "set_lg_regionmax 1", "add_data_dir", "set_create_dir none"})
  void noCopyIsMadeThatRecoveryWouldRefuse(String line) throws Exception {
    try (Child application = Writer.idle(home)) {
      append("set_cachesize 64 0 1"); // its index would be of gigabytes
      append(line);
      for (List<Object> more : List.<List<Object>>of(List.of("--passive"), List.of("--dry-run"))) {
        List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home));
        words.addAll(List.of("--standby", standby));
        words.addAll(more);
        JsonNode refusal =
            Refusal.leaving(standby)
                .andSources(home)
                .refused(
                    "snapshot",
                    "no-environment",
                    home.resolve("DB_CONFIG"),
                    () -> Cli.jsonBy(List.of(), words.toArray()));
        assertThat(refusal.path("hint").asText()).contains("mend it").doesNotContain("--passive");
      }
      assertThat(standby).doesNotExist();
      application.stop();
    }
  }

  /** It is in no way of who is asked for nothing but the source's files. */
  @Test
  void aDirectoryWithoutANameIsTold() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    append("add_data_dir");
    Outcome sync = Cli.jsonBy(List.of(), "sync", "--standby", standby, "--passive");
    assertThat(sync.good().path("notes").toString()).contains("DB_CONFIG", "line 2: add_data_dir");
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  @Test
  void aPassiveSyncTellsAndTakesItWhenItIsMended() throws Exception {
    Object[] sync = {"sync", "--standby", standby, "--passive"};
    Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
    try (Child application = Writer.idle(home)) {
      append("set_foo bar");
      append("add_data_dir data");
      Files.createDirectory(home.resolve("data"));
      assertThat(Cli.json(sync).good().path("notes").toString())
          .contains(home.resolve("DB_CONFIG").toString(), "set_foo");
      assertThat(standby.resolve("DB_CONFIG")).hasContent(GOOD + "\nadd_data_dir data");
      Cli.json("verify", "--standby", standby, "--drill").good();
      Files.writeString(home.resolve("DB_CONFIG"), "# mended\n");
      assertThat(Cli.json(sync).good().path("notes").toString()).doesNotContain("DB_CONFIG");
      assertThat(standby.resolve("DB_CONFIG")).hasContent("# mended");
      application.stop();
    }
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }
}
