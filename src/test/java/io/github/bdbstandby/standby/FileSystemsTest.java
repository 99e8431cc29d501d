package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full disks, and a file system that tears pages. */
final class FileSystemsTest {
  @TempDir Path work;

  @Test
  void liveSourceOnTmpfs() throws Exception {
    Path standby = work.resolve("standby");
    try (Mount mount = Mount.tmpfs(work.resolve("memory"), "64m")) {
      Path home = mount.point().resolve("home");
      Writer.init(home, "--types", "btree");
      try (Child application = Writer.start(home, "--seconds", "0", "--rate", "100")) {
        for (String method : new String[] {"auto", "direct", "reflink", "coordinated"}) {
          Refusal.leaving(standby)
              .refused(
                  "snapshot",
                  "no-page-atomic-read",
                  home,
                  () ->
                      Cli.json("snapshot", "--home", home, "--standby", standby, "--copy", method));
        }
        assertThat(application.stop().code()).isZero();
      }
      assertThat(standby).doesNotExist();
      // Regions that are left may be somebody's; without them nobody writes.
      Writer.run("remove-environment", home, "--force");
      assertThat(
              Cli.json("snapshot", "--home", home, "--standby", standby)
                  .good()
                  .path("copyMethod")
                  .asText())
          .isEqualTo("at-rest");
      Writer.run("check", standby);
    }
  }

  @Test
  void noRoomForASnapshot() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree", "--accounts", "20000", "--log-size", "1048576");
    try (Mount mount = Mount.tmpfs(work.resolve("small"), "5m")) {
      Path standby = mount.point().resolve("standby");
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              "snapshot",
              "disk-full",
              standby,
              () -> Cli.json("snapshot", "--home", home, "--standby", standby));
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              "snapshot",
              "disk-full",
              standby,
              () -> Cli.json("snapshot", "--home", home, "--standby", standby, "--dry-run"));
      assertThat(standby).doesNotExist();
    }
  }

  @Test
  void noRoomForASync() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    try (Mount mount = Mount.tmpfs(work.resolve("small"), "8m")) {
      Path standby = mount.point().resolve("standby");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Writer.work(home, 300);
      Path ballast = mount.point().resolve("ballast");
      Files.write(ballast, new byte[(int) (mount.point().toFile().getUsableSpace() - (3 << 20))]);
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "disk-full", standby, () -> Cli.json("sync", "--standby", standby));
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              "sync",
              "disk-full",
              standby,
              () -> Cli.json("sync", "--standby", standby, "--dry-run"));
      Refusal.leaving(standby)
          .refused("verify", "disk-full", standby, () -> Cli.json("verify", "--standby", standby));
      Files.delete(ballast);
      Cli.json("sync", "--standby", standby).good();
      Writer.run("check", standby);
    }
  }

  /** What can't be seen ahead: the archive's disk fills up on the way. */
  @Test
  void fullArchive() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    try (Mount mount = Mount.tmpfs(work.resolve("small"), "256k")) {
      Cli.json(Words.archiving(home, standby, mount.point())).good();
      Writer.work(home, 900);
      Writer.run("checkpoint", home);
      var source = Tree.withoutRegions(home);
      var failed = Cli.json("sync", "--standby", standby);
      assertThat(failed.code()).as("%s", failed).isEqualTo(1);
      assertThat(failed.json().path("reason").asText()).isEqualTo("disk-full");
      assertThat(failed.nativeErr()).isEmpty();
      assertThat(Tree.withoutRegions(home)).isEqualTo(source);
    }
    // With room, it goes on where it was.
    Cli.json("sync", "--standby", standby).good();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }
}
