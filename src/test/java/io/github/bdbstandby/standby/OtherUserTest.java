package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application is one user's, and we are another, with the rights that README asks for. */
final class OtherUserTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;
  private List<String> us;

  @BeforeEach
  void places() throws Exception {
    us = Unprivileged.inGroup();
    standby = work.resolve("standby");
    Path theirs = Files.createDirectory(work.resolve("theirs"));
    home = theirs.resolve("home");
    acknowledged = theirs.resolve("acknowledged");
    Unprivileged.giveAway(theirs);
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Child theirs(String umask, String mode, String... options) throws Exception {
    List<String> words = new ArrayList<>(Unprivileged.somebodyElse(umask, work));
    words.addAll(Writer.words(mode, home, options));
    return Child.start(new ProcessBuilder(words));
  }

  private void init(String umask) throws Exception {
    try (Child init = theirs(umask, "init", "--types", "btree,queue", "--log-size", "131072")) {
      assertThat(init.await().code()).isZero();
    }
  }

  private Child work(String umask) throws Exception {
    Child child =
        theirs(
            umask,
            "run",
            "--seconds",
            "0",
            "--rate",
            "300",
            "--write-nosync",
            "--checkpoint-ms",
            "100",
            "--ack",
            acknowledged.toString());
    child.awaitLine("ready");
    return child;
  }

  private Outcome run(Object... words) throws Exception {
    return Cli.jsonBy(us, words);
  }

  private Outcome snapshot(Object... more) throws Exception {
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby));
    words.addAll(List.of(more));
    return run(words.toArray());
  }

  private void followAndFailOver(Child application, String... how) throws Exception {
    for (int cycle = 0; cycle < 2; cycle++) {
      List<Object> words = new ArrayList<>(List.of("sync", "--standby", standby));
      words.addAll(List.of(how));
      run(words.toArray()).good();
    }
    run("verify", "--standby", standby).good();
    assertThat(application.isAlive()).isTrue();
    application.kill();
    run("failover", "--standby", standby).good();
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong(-1)).isZero();
    assertThat(Files.size(acknowledged)).isPositive();
  }

  /** Group: read the files, look into the directories. */
  @Test
  void whoMayReadIsPassive() throws Exception {
    init("027");
    try (Child application = work("027")) {
      Refusal.leaving(standby).refused("snapshot", "no-access", home, this::snapshot);
      snapshot("--passive").good();
      followAndFailOver(application, "--passive");
    }
  }

  /** Nobody has it open: nothing but reading is needed. */
  @Test
  void whoMayReadWhatIsAtRest() throws Exception {
    init("027");
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
    snapshot().good();
    run("sync", "--standby", standby).good();
    run("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  /** Group: write the regions and the log, too. */
  @Test
  void whoMayWriteRegionsAndLogJoins() throws Exception {
    init("007");
    try (Child application = work("007")) {
      snapshot().good();
      followAndFailOver(application);
    }
  }
}
