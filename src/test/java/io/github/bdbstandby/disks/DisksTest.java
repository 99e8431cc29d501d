package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of a snapshot on each kind of file system, by each method, as README's table says.
 */
final class DisksTest {
  static List<Disk> disks() {
    return Disk.all();
  }

  @ParameterizedTest
  @MethodSource("disks")
  void eachMethodWorksOrIsRefused(Disk disk) throws Exception {
    try (Mounts mounts = new Mounts()) {
      Places places = disk.setting().in(mounts);
      Path home = places.home();
      Path standby = places.standby();
      List<String> options = new ArrayList<>(List.of("--types", "btree"));
      options.addAll(places.options());
      Writer.init(home, options.toArray(String[]::new));
      try (Child application = Writer.start(home, "--seconds", "0", "--rate", "100")) {
        for (String method : disk.methods(Disk.REFUSED)) {
          for (List<String> dry : List.of(List.of("--dry-run"), List.<String>of())) {
            Refusal.leaving(standby)
                .refused(
                    "snapshot",
                    "no-page-atomic-read",
                    places.data(),
                    () -> snapshot(home, standby, method, dry));
          }
          assertThat(standby).doesNotExist();
        }
        for (String method : disk.methods(Disk.WORKS)) {
          String used =
              snapshot(home, standby, method, List.of()).good().path("copyMethod").asText();
          assertThat(used).isEqualTo(method.equals("auto") ? disk.auto() : method);
        }
        if (!disk.isRefused()) {
          Cli.json("sync", "--standby", standby).good();
          Cli.json("failover", "--standby", standby).good();
        }
        assertThat(application.stop().code()).isZero();
      }
      if (!disk.isRefused()) {
        Writer.run("check", standby);
      }
    }
  }

  private static Outcome snapshot(Path home, Path standby, String method, List<String> more)
      throws IOException {
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby, "--copy", method));
    words.addAll(more);
    return Cli.json(words.toArray());
  }

  /** A database that is a link is read where it lies. */
  @Test
  void aLinkToAnotherFileSystem() throws Exception {
    try (Mounts mounts = new Mounts()) {
      Path home = Files.createDirectory(mounts.image("ext4").resolve("home"));
      Path standby = mounts.plain().resolve("standby");
      Writer.init(home, "--types", "btree");
      Path elsewhere = mounts.tmpfs().resolve("elsewhere.db");
      Path link = home.resolve("accounts-btree-0.db");
      Files.move(link, elsewhere);
      Files.createSymbolicLink(link, elsewhere);
      try (Child application = Writer.start(home, "--seconds", "0", "--rate", "100")) {
        Refusal.leaving(standby)
            .refused(
                "snapshot",
                "no-page-atomic-read",
                link,
                () -> snapshot(home, standby, "auto", List.of()));
        assertThat(application.stop().code()).isZero();
      }
    }
  }

  /** Its regions are in memory, and nothing else. */
  @Test
  void aHomeInMemoryWithItsDatabasesOnDisk() throws Exception {
    try (Mounts mounts = new Mounts()) {
      Path home = Files.createDirectory(mounts.tmpfs().resolve("home"));
      Path disk = mounts.image("ext4");
      for (String name : List.of("data", "logs")) {
        Files.createSymbolicLink(home.resolve(name), Files.createDirectory(disk.resolve(name)));
      }
      List<String> options = new ArrayList<>(List.of("--types", "btree"));
      options.addAll(List.of("--config", "add_data_dir data", "--config", "set_lg_dir logs"));
      Writer.init(home, options.toArray(String[]::new));
      Path standby = mounts.plain().resolve("standby");
      try (Child application = Writer.start(home, "--seconds", "0", "--rate", "100")) {
        snapshot(home, standby, "auto", List.of("--dry-run")).good();
        String used = snapshot(home, standby, "auto", List.of()).good().path("copyMethod").asText();
        assertThat(used).isEqualTo("direct");
        Cli.json("sync", "--standby", standby).good();
        Cli.json("failover", "--standby", standby).good();
        assertThat(application.stop().code()).isZero();
      }
      Writer.run("check", standby);
    }
  }
}
