package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What failed first is told, with its file, also where nothing works any more after it. */
final class FirstCauseTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private String failing(String at, String action, String... words) throws Exception {
    Map<String, String> faults = Operation.struck(standby, at, action);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--standby", standby.toString(), "--json"));
    try (Child child = Cli.start(faults, work, all.toArray())) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isEqualTo(1);
      return new ObjectMapper().readTree(ended.lastLine()).path("message").asText();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fsync standby/image/database#1, eio, .db: fsync: ",
    "fsync standby/image/database#1, eio-on, .db: ",
    "fsync standby/image#1, eio-on, .bdb-standby/image: fsync: ",
    "fsync standby/image-logs/log#1, eio-on, .bdb-standby/image-logs/log."
  })
  void aSnapshotTellsWhichFile(String at, String action, String file) throws Exception {
    Writer.init(home);
    assertThat(failing(at, action, "snapshot", "--home", home.toString()))
        .startsWith(standby.toString())
        .contains(file);
  }

  @ParameterizedTest
  @CsvSource({
    "fsync standby/new-manifest.json#1, eio, .manifest.json",
    "fsync standby/incoming/log#1, eio-on, .bdb-standby/incoming/log.",
    "fsync standby#1, eio-on, standby: fsync"
  })
  void aSyncTellsWhichFile(String at, String action, String file) throws Exception {
    Writer.init(home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 300);
    assertThat(failing(at, action, "sync"))
        .startsWith(standby.toString())
        .contains(file)
        .contains(": fsync: ");
    Cli.json("sync", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** It may be whole: the disk, or a limit of the process, is in the way. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "sync", "failover"})
  void aManifestThatCantBeReadIsNotCalledDamaged(String command) throws Exception {
    Writer.init(home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(failing("open standby/manifest.json#1", "eio", command))
        .isEqualTo(new StandbyDirectory(standby).manifest() + ": Input/output error");
  }

  /** The same of what tells where a switch was cut off. */
  @ParameterizedTest
  @ValueSource(strings = {"sync", "failover"})
  void aJournalThatCantBeReadIsNotCalledDamaged(String command) throws Exception {
    Writer.init(home);
    Map<String, String> killed =
        Operation.struck(standby, "rename standby/journal.json#1", "kill-after");
    try (Child child =
        Cli.start(
            killed, work, "snapshot", "--home", home.toString(), "--standby", standby.toString())) {
      assertThat(child.await().code()).isEqualTo(137);
    }
    assertThat(failing("open standby/journal.json#1", "eio", command))
        .isEqualTo(new StandbyDirectory(standby).journal() + ": Input/output error");
    Cli.json("sync", "--standby", standby).good();
  }

  @Test
  void whatFailsLaterGoesWithIt() {
    IOException first = new IOException("first");
    IOException later = new IOException("later");
    Cleanup.after(
        first,
        () -> {
          throw later;
        });
    Cleanup.after(
        first,
        () -> {
          throw first;
        });
    Cleanup.after(first, () -> {});
    assertThat(first.getSuppressed()).containsExactly(later);
  }
}
