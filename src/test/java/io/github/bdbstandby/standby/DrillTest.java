package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A standby shown to be usable, with the application's own books as the witness. */
final class DrillTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  private Object[] words(String environment, Object... words) throws Exception {
    List<Object> all = new ArrayList<>(List.of(words));
    if (environment.equals("encrypted")) {
      all.addAll(List.of("--password-file", Environments.passwordFile(home)));
    }
    return all.toArray();
  }

  private void standby(String environment) throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Environments.init(environment, home);
    Writer.work(home, 300);
    Cli.json(words(environment, "snapshot", "--home", home, "--standby", standby)).good();
    Writer.work(home, 200);
    Cli.json(words(environment, "sync", "--standby", standby)).good();
  }

  private static Map<String, String> withoutManifest(Path standby) throws Exception {
    Map<String, String> tree = Tree.of(standby);
    tree.remove(".bdb-standby/manifest.json");
    return tree;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mixed", "queue-extents", "data-dirs-config", "encrypted", "big-endian", "heap"})
  void countsWhatTheApplicationHas(String environment) throws Exception {
    standby(environment);
    Map<String, String> before = withoutManifest(standby);
    JsonNode report =
        Cli.json(words(environment, "verify", "--standby", standby, "--drill")).good();
    JsonNode drill = report.path("drill");
    assertThat(withoutManifest(standby)).isEqualTo(before);
    assertThat(drill.path("outcome").asText()).isEqualTo("ok");
    assertThat(drill.path("notes")).isEmpty();
    long counted = 0;
    long accounts = 0;
    long journal = 0;
    for (JsonNode each : drill.path("counts")) {
      long records = each.path("records").asLong();
      String file = each.path("file").asText();
      // A witness for each: the application counts the same file.
      assertThat(records)
          .as("%s", each)
          .isEqualTo(Writer.run("count", standby, "--db", file).path("count").asLong(-1));
      counted += records;
      accounts += file.matches(".*(accounts|apart)-\\w+-\\d+\\.db") ? records : 0;
      journal += file.contains("journal") ? records : 0;
    }
    assertThat(drill.path("records").asLong()).isEqualTo(counted);
    assertThat(drill.path("databases").asLong()).isEqualTo(drill.path("counts").size());
    JsonNode books = Writer.run("check", standby);
    assertThat(accounts).isEqualTo(books.path("accounts").asLong());
    assertThat(journal).isEqualTo(books.path("journal").asLong());
    JsonNode status = Cli.json("status", "--standby", standby).good();
    JsonNode kept = status.path("lastDrill");
    for (String key : List.of("at", "outcome", "databases", "records", "seconds", "recoveredTo")) {
      assertThat(kept.path(key)).as(key).isEqualTo(drill.path(key));
    }
    assertThat(kept.path("recoveredTo")).isEqualTo(status.path("recoveredTo"));
    // It outlives cycles, and the standby goes on as if nothing had been.
    Writer.work(home, 100);
    Cli.json(words(environment, "sync", "--standby", standby)).good();
    assertThat(Cli.json("status", "--standby", standby).good().path("lastDrill")).isEqualTo(kept);
    Cli.json(words(environment, "failover", "--standby", standby)).good();
    Writer.run("check", standby, "--expect-min-journal", "600");
  }

  private static void flip(Path file, long at) throws Exception {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 0x10);
    }
  }

  @Test
  void aDamagedPageIsTold() throws Exception {
    standby("btree");
    Path database;
    try (var files = Files.list(standby)) {
      database =
          files.filter(file -> file.toString().contains("accounts-")).findFirst().orElseThrow();
    }
    flip(database, 4096 + 25);
    Outcome seen = Cli.json("verify", "--standby", standby, "--drill");
    assertThat(seen.code()).as("%s", seen).isEqualTo(5);
    assertThat(seen.json().path("outcome").asText()).isEqualTo("damaged");
    assertThat(seen.json().path("drill").path("outcome").asText()).isEqualTo("damaged");
    JsonNode kept = Cli.json("status", "--standby", standby).good().path("lastDrill");
    assertThat(kept.path("outcome").asText()).isEqualTo("damaged");
    flip(database, 4096 + 25);
    Cli.json("verify", "--standby", standby, "--drill").good();
    kept = Cli.json("status", "--standby", standby).good().path("lastDrill");
    assertThat(kept.path("outcome").asText()).isEqualTo("ok");
  }

  @Test
  void whatADrillHasFoundIsNotOfTheNextSnapshot() throws Exception {
    standby("btree");
    flip(standby.resolve("accounts-btree-0.db"), 4096 + 25);
    assertThat(Cli.json("verify", "--standby", standby, "--drill").code()).isEqualTo(5);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(Cli.json("status", "--standby", standby).good().has("lastDrill")).isFalse();
    assertThat(FollowMonitor.unread(Standby.at(standby)).health().reason()).contains("starting");
  }

  @Test
  void lockedWhileOneFollows() throws Exception {
    standby("btree");
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      Writer.work(home, 20);
      follower.awaitLine("{");
      for (String how : new String[] {"--drill", "-v"}) {
        Outcome seen = Cli.json("verify", "--standby", standby, how);
        assertThat(seen.code()).isEqualTo(3);
        assertThat(seen.json().path("reason").asText()).isEqualTo("locked");
        assertThat(seen.json().path("hint").asText()).contains("--drill-interval");
      }
    }
  }
}
