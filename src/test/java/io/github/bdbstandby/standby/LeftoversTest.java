package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed runs have left in a standby does not count as used where room is asked for. */
final class LeftoversTest {
  private static final int MOST_OF_THE_DISK = 44 << 20;

  @TempDir Path work;

  @Test
  void areRemovedBeforeRoomIsAskedFor() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    try (Mount disk = Mount.tmpfs(work.resolve("disk"), "48m")) {
      Path standby = disk.point().resolve("standby");
      leave(standby, "image");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      leave(standby, "image-logs");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      leave(standby, "scratch");
      Cli.json("verify", "--standby", standby, "--drill").good();
      leave(standby, "image");
      Writer.work(home, 500);
      Cli.json("sync", "--standby", standby).good();
      leave(standby, "scratch");
      Writer.work(home, 500);
      Cli.json("failover", "--standby", standby).good();
      assertThat(new StandbyDirectory(standby).scratch()).doesNotExist();
      assertThat(Writer.run("check", standby).path("journal"))
          .isEqualTo(Writer.run("check", home).path("journal"));
    }
  }

  private static void leave(Path standby, String name) throws Exception {
    Path left = Files.createDirectories(standby.resolve(".bdb-standby").resolve(name));
    Files.write(left.resolve("left.db"), new byte[MOST_OF_THE_DISK]);
  }
}
