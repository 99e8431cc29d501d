package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links in a home: to where it lies itself, or to a disk of its own. */
final class LinksAboveTest {
  @TempDir Path work;
  private Path home;

  @BeforeEach
  void aHomeBesideAnother() throws Exception {
    home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Writer.init(work.resolve("other"), "--types", "btree");
  }

  @Test
  void whoUsesWhatLiesBesideItDoesNotUseIt() throws Exception {
    Files.createSymbolicLink(home.resolve("up"), work);
    try (Child neighbour = Writer.idle(work.resolve("other"))) {
      Cli.json("recover", "--home", home).good();
      neighbour.stop();
    }
  }

  @Test
  void whatLiesBesideTheHomeIsNotCopied() throws Exception {
    List<Path> databases = Bank.databases(home).stream().map(home::relativize).toList();
    Files.createSymbolicLink(home.resolve("up"), work);
    Path standby = work.resolve("standby");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(Bank.databases(standby).stream().map(standby::relativize))
        .isNotEmpty()
        .containsExactlyElementsOf(databases);
    assertThat(standby.resolve("up")).doesNotExist();
    Cli.json("sync", "--standby", standby).good();
  }

  @Test
  void whatWouldWaitIsFoundBehindALinkToo() throws Exception {
    Path disk = Files.createDirectory(work.resolve("disk"));
    Files.createSymbolicLink(disk.resolve("again"), disk);
    Files.createSymbolicLink(home.resolve("data"), disk);
    Path pipe = disk.resolve("accounts.db");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Refusal.leaving(work)
        .refused(
            "recover", "damaged", home.resolve("data"), () -> Cli.json("recover", "--home", home));
    Files.delete(pipe);
    Cli.json("recover", "--home", home).good();
  }
}
