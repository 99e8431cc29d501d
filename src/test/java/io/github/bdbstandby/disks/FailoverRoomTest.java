package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failover whose disk can't take what is to be salvaged, or what waits. */
final class FailoverRoomTest {
  private static final long LEFT = 3L << 20;

  @TempDir Path work;
  private Path home;
  private Path disk;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    disk = work.resolve("disk");
    standby = disk.resolve("standby");
  }

  private Path fill() throws Exception {
    long room = disk.toFile().getUsableSpace() - LEFT;
    return Files.write(disk.resolve("ballast"), new byte[Math.toIntExact(room)]);
  }

  private void refused() throws Exception {
    for (String how : new String[] {"--dry-run", "--accept-loss", "-v"}) {
      JsonNode refusal =
          Refusal.leaving(standby, home)
              .refused(
                  "failover",
                  "disk-full",
                  standby,
                  () -> Cli.json("failover", "--standby", standby, how));
      assertThat(refusal.path("message").asText()).containsPattern("needs [0-9]{7,} bytes");
    }
  }

  private void agrees() throws Exception {
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }

  @Test
  void itLooksBeforeItSalvages() throws Exception {
    try (Mount mount = Mount.tmpfs(disk, "64m")) {
      assertThat(mount.point()).isEqualTo(disk);
      Writer.init(home, "--types", "btree");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Writer.work(home, 9000);
      Path ballast = fill();
      refused();
      Files.delete(ballast);
      agrees();
    }
  }

  /** Where there is nothing to let in, a disk that is nearly full is no hindrance. */
  @Test
  void whereNothingComesItNeedsNone() throws Exception {
    try (Mount mount = Mount.tmpfs(disk, "64m")) {
      assertThat(mount.point()).isEqualTo(disk);
      Writer.init(home, "--types", "btree");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Files.move(home, work.resolve("gone"));
      fill();
      Cli.json("failover", "--standby", standby).good();
      Writer.run("check", standby);
    }
  }
}
