package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One directory by two paths, and one path that leads to two disks. */
final class BindMountTest {
  private Mounts mounts;
  private Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    mounts = new Mounts();
    work = mounts.plain();
    home = Files.createDirectory(work.resolve("home"));
    standby = mounts.plain().resolve("standby");
    Writer.init(home, "--types", "btree", "--config", "add_data_dir data1");
  }

  @AfterEach
  void unmount() throws IOException {
    mounts.close();
  }

  private static Outcome snapshot(Path home, Path standby) throws IOException {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  @Test
  void oneWithinTheOther() throws Exception {
    Path again = mounts.bind(home, mounts.plain());
    Path data = mounts.bind(home.resolve("data1"), mounts.plain());
    Path above = mounts.bind(work, mounts.plain());
    Path seen = above.resolve("home");
    for (Path each : List.of(again, again.resolve("within"), data, data.resolve("within"), above)) {
      Refusal.leaving()
          .andSources(home)
          .refused("snapshot", "same-directory", home, () -> snapshot(home, each));
    }
    Refusal.leaving()
        .andSources(home)
        .refused("snapshot", "same-directory", seen, () -> snapshot(seen, home.resolve("within")));
    Refusal.leaving(standby)
        .andSources(home)
        .refused(
            "snapshot",
            "same-directory",
            data,
            () -> Cli.json(Words.archiving(home, standby, data.resolve("kept"))));
  }

  /** Recovery of the standby would write to the source's databases. */
  @Test
  void oneDataDirectoryForBoth() throws Exception {
    snapshot(home, standby).good();
    Writer.work(home, 50);
    mounts.bind(home.resolve("data1"), standby.resolve("data1"));
    for (String command : List.of("sync", "failover")) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              command, "same-directory", standby, () -> Cli.json(command, "--standby", standby));
    }
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", "same-directory", standby, () -> snapshot(home, standby));
  }

  @Test
  void aStandbyByAnotherPathIsNoSource() throws Exception {
    snapshot(home, standby).good();
    Path again = mounts.bind(standby, mounts.plain());
    Path next = work.resolve("next");
    Refusal.leaving(standby, next)
        .refused("snapshot", "source-is-standby", again, () -> snapshot(again, next));
  }

  @Test
  void theSameSourceByAnotherPath() throws Exception {
    snapshot(home, standby).good();
    Writer.work(home, 50);
    Path again = mounts.bind(home, mounts.plain());
    Cli.json("sync", "--home", again, "--standby", standby).good();
    snapshot(again, standby).good();
    // And the way back.
    Cli.json("failover", "--standby", standby).good();
    snapshot(standby, again).good();
    Cli.json("failover", "--standby", home).good();
    Writer.run("check", home);
  }

  /** Nothing but its open files tells that somebody has it open, by their own path. */
  @Test
  void aPrivateEnvironmentByAnotherPath() throws Exception {
    Path alone = work.resolve("alone");
    Writer.init(alone, "--types", "btree", "--private");
    Path again = mounts.bind(alone, mounts.plain());
    try (Child application = Writer.idle(alone)) {
      Refusal.leaving(standby)
          .andSources(alone)
          .refused(
              "snapshot", "private-environment", application.pid(), () -> snapshot(again, standby));
    }
  }

  /** A standby's directories may be moved to other disks, and mounted in their places. */
  @Test
  void aStandbyOnSeveralDisks() throws Exception {
    Path source = work.resolve("source");
    Writer.init(
        source,
        "--types",
        "btree,queue",
        "--extent",
        "4",
        "--config",
        "add_data_dir data1",
        "--config",
        "set_lg_dir logs");
    snapshot(source, standby).good();
    Path disk = mounts.image("xfs");
    for (String name : List.of("data1", "logs")) {
      Path moved = Files.createDirectory(disk.resolve(name));
      moveAll(standby.resolve(name), moved);
      mounts.bind(moved, standby.resolve(name));
    }
    for (int cycle = 0; cycle < 2; cycle++) {
      Writer.work(source, 300);
      Cli.json("sync", "--standby", standby).good();
      Cli.json("verify", "--standby", standby).good();
      assertThat(Writer.run("check", copy(cycle)).path("journal"))
          .isEqualTo(Writer.run("check", source).path("journal"));
      snapshot(source, standby).good();
      Cli.json("verify", "--standby", standby).good();
    }
    Writer.work(source, 300);
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", source).path("journal"));
    try (Stream<Path> all = Files.list(disk.resolve("data1"))) {
      assertThat(all).isNotEmpty();
    }
  }

  private Path copy(int number) throws IOException {
    Path copy = work.resolve("copy" + number);
    Tree.copy(standby, copy);
    Tree.delete(copy.resolve(".bdb-standby"));
    return copy;
  }

  private static void moveAll(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.list(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.move(each, to.resolve(each.getFileName()));
      }
    }
  }

  /** The refusal of a link says what may be there instead. */
  @Test
  void aLinkToAnotherDisk() throws Exception {
    snapshot(home, standby).good();
    Path disk = Files.createDirectory(work.resolve("disk"));
    moveAll(standby.resolve("data1"), disk);
    Files.delete(standby.resolve("data1"));
    Files.createSymbolicLink(standby.resolve("data1"), disk);
    for (String command : List.of("sync", "failover", "verify")) {
      assertThat(
              Refusal.leaving(standby, disk)
                  .refused(
                      command,
                      "damaged",
                      standby.resolve("data1"),
                      () -> Cli.json(command, "--standby", standby))
                  .path("hint")
                  .asText())
          .contains("bind mount");
    }
  }
}
