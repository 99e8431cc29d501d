package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The root of an ext4 has a directory of root's, which is nobody's content. */
final class LostAndFoundTest {
  private Mounts mounts;

  @BeforeEach
  void mount() throws Exception {
    mounts = new Mounts();
  }

  @AfterEach
  void unmount() throws IOException {
    mounts.close();
  }

  /** To whom it is closed, as it is to everybody but root. */
  private Path rootOfItsOwn() throws IOException {
    Path root = mounts.image("ext4");
    Files.setPosixFilePermissions(
        root.resolve("lost+found"), PosixFilePermissions.fromString("---------"));
    return root;
  }

  @Test
  void homeStandbyAndArchiveAreRoots() throws Exception {
    List<String> us = Unprivileged.prefix();
    Path home = rootOfItsOwn();
    Path standby = rootOfItsOwn();
    Path archive = rootOfItsOwn();
    Writer.init(home, "--types", "btree,queue", "--extent", "4");
    Object[] snapshot = Words.archiving(home, standby, archive);
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "100")) {
      Cli.jsonBy(us, snapshot).good();
      Cli.jsonBy(us, "sync", "--standby", standby).good();
      Cli.jsonBy(us, snapshot).good(); // over what is there
      assertThat(application.stop().code()).isZero();
    }
    Cli.jsonBy(us, "failover", "--standby", standby).good();
    Writer.run("check", standby);
    Cli.jsonBy(us, "snapshot", "--home", standby, "--standby", home).good();
    for (Path each : List.of(home, standby, archive)) {
      assertThat(each.resolve("lost+found")).isDirectory();
    }
  }

  @Test
  void whatIsFoundOrMadeByOthersIsContent() throws Exception {
    Path home = Files.createDirectory(mounts.plain().resolve("home"));
    Writer.init(home, "--types", "btree");
    Path root = mounts.image("ext4");
    Path lost = root.resolve("lost+found");
    Files.write(lost.resolve("#12"), new byte[] {1});
    refused(home, root);
    Files.delete(lost.resolve("#12"));
    Files.setAttribute(lost, "unix:uid", Unprivileged.SOMEBODY_ELSE);
    refused(home, root);
    Files.setAttribute(lost, "unix:uid", 0);
    Path plain = mounts.plain();
    Files.createDirectory(plain.resolve("lost+found"));
    refused(home, plain);
    snapshot(home, root).good();
  }

  private static Outcome snapshot(Path home, Path standby) throws IOException {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  private static void refused(Path home, Path standby) throws Exception {
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", "standby-not-empty", standby, () -> snapshot(home, standby));
  }
}
