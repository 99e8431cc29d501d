package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places and names of source, standby and archive that a snapshot refuses. */
final class SnapshotPlaceTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private Outcome snapshot(Object... more) throws Exception {
    List<Object> words = new java.util.ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby));
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  private void refused(String reason, Object named, Object... more) throws Exception {
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", reason, named, () -> snapshot(more));
    assertThat(standby).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"standby", "standby/within", "..", "."})
  void archiveOverlaps(String archive) throws Exception {
    Writer.init(home, "--types", "btree");
    Path place = archive.startsWith("standby") ? work.resolve(archive) : home.resolve(archive);
    refused(
        "same-directory",
        archive.equals("..") ? home : place,
        "--procedure",
        "archive",
        "--archive",
        place);
  }

  @Test
  void sameDirectory() throws Exception {
    Writer.init(home, "--types", "btree");
    for (Path each :
        List.of(home, home.resolve("within"), work, work.resolve("standby/../home/./within"))) {
      Refusal.leaving()
          .andSources(home)
          .refused(
              "snapshot",
              "same-directory",
              home,
              () -> Cli.json("snapshot", "--home", home, "--standby", each));
    }
    Path link = Files.createSymbolicLink(work.resolve("link"), home);
    Refusal.leaving()
        .andSources(home)
        .refused(
            "snapshot",
            "same-directory",
            home,
            () -> Cli.json("snapshot", "--home", home, "--standby", link));
  }

  @Test
  void nameCollision() throws Exception {
    Writer.init(
        home,
        "--types",
        "btree",
        "--config",
        "add_data_dir data1",
        "--config",
        "add_data_dir data2");
    Path database;
    try (var files = Files.list(home.resolve("data1"))) {
      database = files.findFirst().orElseThrow();
    }
    Files.copy(database, home.resolve("data2").resolve(database.getFileName()));
    refused("name-collision", database.getFileName(), "--layout", "flat");
    assertThat(snapshot().code()).isZero();
  }

  @Test
  void sourceIsAStandby() throws Exception {
    Writer.init(home, "--types", "btree");
    assertThat(snapshot().code()).isZero();
    Path next = work.resolve("next");
    Refusal.leaving(standby, home, next)
        .refused(
            "snapshot",
            "source-is-standby",
            standby,
            () -> Cli.json("snapshot", "--home", standby, "--standby", next));
  }

  @Test
  void missingLogFile() throws Exception {
    Writer.init(home, "--types", "btree");
    Writer.work(home, 600, "--checkpoint-ms", "0");
    Files.delete(home.resolve("log.0000000002"));
    refused("log-gap", home.resolve("log.0000000002"));
  }

  @Test
  void reflinkWhereThereIsNone() throws Exception {
    Writer.init(home, "--types", "btree");
    refused("no-page-atomic-read", home, "--copy", "reflink");
    refused("no-page-atomic-read", home, "--copy", "coordinated");
  }
}
