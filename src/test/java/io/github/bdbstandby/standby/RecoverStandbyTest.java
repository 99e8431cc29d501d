package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery of a directory that is a standby, by the command for any directory. */
final class RecoverStandbyTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path slot;

  @BeforeEach
  void aStandby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    slot = standby.resolve(".bdb-standby/page-slot");
    Writer.init(home, "--types", "btree", "--pagesize", "16384", "--accounts", "3000");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 400);
  }

  private void killedInAWrite(String command, String which) throws Exception {
    killedInAWrite(command, which, "write standby/database#5");
    assertThat(slot).exists();
  }

  private void killedInAWrite(String command, String which, String place) throws Exception {
    Map<String, String> faults = Operation.struck(standby, place, "kill-midway");
    try (Child child = Cli.start(faults, standby, command, which, standby)) {
      assertThat(child.await().code()).isEqualTo(137);
    }
  }

  /** It says so, and is over with the next one. */
  @Test
  void oneThatWasKilledIsDoneAgain() throws Exception {
    killedInAWrite("recover", "--home", "write standby/log#1");
    Outcome recover = Cli.json("recover", "--home", standby, "--normal");
    assertThat(recover.code()).as("%s", recover).isEqualTo(3);
    assertThat(recover.json().path("message").asText()).contains("a recovery was cut off here");
    for (String how : new String[] {"-v", "--normal"}) {
      Cli.json("recover", "--home", standby, how).good();
    }
    killedInAWrite("recover", "--home", "write standby/log#1");
    Cli.json("sync", "--standby", standby).good();
    isWhole();
  }

  private void isWhole() throws Exception {
    assertThat(slot).doesNotExist();
    assertThat(Cli.json("verify", "--standby", standby).code()).isZero();
    Cli.json("sync", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  @Test
  void notBehindTheBackOfWhoFollows() throws Exception {
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitLines("{", 1);
      for (String how : new String[] {"--normal", "-v"}) {
        Outcome recover = Cli.json("recover", "--home", standby, how);
        assertThat(recover.code()).as("%s", recover).isEqualTo(3);
        assertThat(recover.json().path("reason").asText()).isEqualTo("locked");
        assertThat(recover.json().path("message").asText()).contains("process " + follower.pid());
      }
      follower.stop();
    }
    Cli.json("recover", "--home", standby).good();
    isWhole();
  }

  @Test
  void asOftenAsOneLikes() throws Exception {
    for (String how : new String[] {"--normal", "--normal", "-v", "--normal"}) {
      Cli.json("recover", "--home", standby, how).good();
    }
    killedInAWrite("sync", "--standby");
    Outcome recover = Cli.json("recover", "--home", standby, "--normal");
    assertThat(recover.code()).as("%s", recover).isEqualTo(3);
    Cli.json("recover", "--home", standby).good();
    isWhole();
  }

  @Test
  void thePageThatWasBeingWrittenIsWrittenAgain() throws Exception {
    killedInAWrite("sync", "--standby");
    Cli.json("recover", "--home", standby).good();
    isWhole();
  }

  @Test
  void itsOwnPagesToo() throws Exception {
    killedInAWrite("sync", "--standby");
    killedInAWrite("recover", "--home");
    Cli.json("recover", "--home", standby).good();
    isWhole();
  }
}
