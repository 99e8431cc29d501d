package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby of which a directory is on another disk, and that disk is full. */
final class FullDiskBelowTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void standby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(
        home,
        "--types",
        "btree",
        "--accounts",
        "2000",
        "--config",
        "add_data_dir data1",
        "--config",
        "set_lg_dir logs");
    snapshot().good();
  }

  private Outcome snapshot() throws IOException {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  private Outcome sync() throws IOException {
    return Cli.json("sync", "--standby", standby);
  }

  /** Puts a directory of the standby on a disk of its own. */
  private Mount mounted(String name, String size) throws Exception {
    Path there = standby.resolve(name);
    Path kept = work.resolve("kept");
    Files.move(there, kept);
    Mount mount = Mount.tmpfs(there, size);
    try (Stream<Path> all = Files.list(kept)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, there.resolve(each.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return mount;
  }

  /** No zeros, which take no room. */
  private static byte[] bytes(int megabytes) {
    byte[] bytes = new byte[megabytes << 20];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  private static Path fill(Path directory, long left) throws IOException {
    long room = directory.toFile().getUsableSpace() - left;
    return Files.write(directory.resolve("ballast"), new byte[Math.toIntExact(room)]);
  }

  private static void isFull(Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.json().path("reason").asText()).isEqualTo("disk-full");
  }

  private void agrees() throws Exception {
    Cli.json("verify", "--standby", standby).good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }

  /** Else it would be noticed when the old standby is gone and the new one not yet in its place. */
  @Test
  void aSnapshotLooksAtEachDisk() throws Exception {
    try (Mount disk = mounted("data1", "8m")) {
      Path large = Files.write(home.resolve("data1/large.txt"), bytes(12));
      Refusal.leaving(standby)
          .andSources(home)
          .refused("snapshot", "disk-full", disk.point(), this::snapshot);
      Files.write(large, bytes(5));
      snapshot().good();
      snapshot().good(); // what it replaces makes room
      agrees();
    }
  }

  @Test
  void aSyncLooksAtThatOfTheLog() throws Exception {
    try (Mount disk = mounted("logs", "8m")) {
      Writer.work(home, 900);
      Path ballast = fill(disk.point(), 100_000);
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "disk-full", disk.point(), this::sync);
      Files.delete(ballast);
      sync().good();
      agrees();
    }
  }

  /** How much they will grow nobody knows beforehand. */
  @Test
  void thatOfTheDatabasesIsNoticedOnTheWay() throws Exception {
    try (Mount disk = mounted("data1", "8m")) {
      Writer.work(home, 900);
      Path ballast = fill(disk.point(), 0);
      for (String command : new String[] {"sync", "sync", "failover"}) {
        isFull(Cli.json(command, "--standby", standby));
      }
      Files.delete(ballast);
      sync().good();
      agrees();
    }
  }

  @Test
  void aSyncLooksAtThatOfTheApplicationsFiles() throws Exception {
    try (Mount disk = mounted("data1", "8m")) {
      Path large = Files.write(home.resolve("data1/large.txt"), bytes(12));
      Writer.work(home, 300);
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "disk-full", disk.point(), this::sync);
      assertThat(disk.point().resolve("large.txt")).doesNotExist();
      Files.delete(large);
      sync().good();
      agrees();
    }
  }
}
