package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby made from a source's files alone. */
final class PassiveTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
  }

  private Child application(String... more) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("--seconds", "0", "--rate", "500", "--sync", "--long-ms", "700"));
    words.addAll(List.of("--checkpoint-ms", "200", "--ack", acknowledged.toString()));
    words.addAll(List.of(more));
    return Writer.start(home, words.toArray(String[]::new));
  }

  private void nothingIsLost() throws Exception {
    Cli.json("failover", "--standby", standby).good();
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("ok").asBoolean()).isTrue();
    assertThat(Files.size(acknowledged)).isPositive();
    assertThat(books.path("lostAcks").asLong()).isZero();
  }

  @Test
  void aSourceThatNobodyMayWriteToIsFollowed() throws Exception {
    Writer.init(home, "--accounts", "300");
    try (Child application = application();
        Mount shown = Mount.readOnly(home, work.resolve("shown"))) {
      Path seen = shown.point();
      JsonNode made =
          Cli.json("snapshot", "--home", seen, "--standby", standby, "--passive").good();
      assertThat(made.path("notes").toString()).contains("DB_TXN_BULK").contains("flushed");
      for (int cycle = 0; cycle < 5; cycle++) {
        JsonNode synced = Cli.json("sync", "--standby", standby, "--passive").good();
        assertThat(synced.path("logs").path("needed").asLong()).isPositive();
        Cli.json("verify", "--standby", standby).good();
      }
      try (Child follower = Cli.start("follow", "--standby", standby, "--passive", "--json")) {
        follower.awaitLines("{", 3);
        follower.signal("TERM");
        assertThat(follower.await().code()).isEqualTo(143);
      }
      application.kill();
      nothingIsLost();
    }
  }

  /** Joining means to write: to its regions, and for it to its log. */
  @Test
  void aSourceThatNobodyMayWriteToIsNotJoined() throws Exception {
    Writer.init(home, "--types", "btree");
    Path seen = work.resolve("shown");
    try (Child application = Writer.idle(home);
        Mount shown = Mount.readOnly(home, seen)) {
      Refusal.leaving(standby, home)
          .refused(
              "snapshot",
              "no-access",
              shown.point(),
              () -> Cli.json("snapshot", "--home", seen, "--standby", standby));
      assertThat(application.stop().code()).isZero();
    }
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
    try (Mount shown = Mount.readOnly(home, seen)) { // at rest there is nothing to write
      Cli.json("snapshot", "--home", shown.point(), "--standby", standby).good();
      Cli.json("sync", "--standby", standby).good();
    }
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /**
   * The standby keeps what its recovery needs and no more, as it does of a source it has joined.
   */
  @Test
  void whatIsNeededIsToldByTheLastCheckpoint() throws Exception {
    Writer.init(home, "--accounts", "300");
    Writer.work(home, 4000);
    try (Child application = Writer.idle(home)) {
      Path other = work.resolve("other");
      Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
      Cli.json("snapshot", "--home", home, "--standby", other).good();
      JsonNode passive = Cli.json("sync", "--standby", standby, "--passive").good();
      JsonNode joined = Cli.json("sync", "--standby", other).good();
      assertThat(passive.path("logs")).isEqualTo(joined.path("logs"));
      assertThat(passive.path("recoveredTo")).isEqualTo(joined.path("recoveredTo"));
      assertThat(passive.path("logs").path("needed").asLong())
          .isLessThan(passive.path("logs").path("retained").asLong());
      assertThat(application.isAlive()).isTrue();
    }
  }

  @Test
  void aPrivateEnvironmentCanBeRead() throws Exception {
    Writer.init(home, "--private");
    try (Child application = application("--private")) {
      Refusal.leaving()
          .refused(
              "snapshot",
              "private-environment",
              home,
              () -> Cli.json("snapshot", "--home", home, "--standby", standby));
      Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
      Cli.json("sync", "--standby", standby, "--passive").good();
      application.kill();
      nothingIsLost();
    }
  }

  @Test
  void anEncryptedSourceNeedsItsPassword() throws Exception {
    Path password = work.resolve("password");
    Files.writeString(password, "secret\n");
    Path wrong = work.resolve("wrong");
    Files.writeString(wrong, "guess\n");
    Writer.init(home, "--password-file", password.toString());
    Writer.work(home, 500, "--password-file", password.toString());
    for (Object[] secret : new Object[][] {{}, {"--password-file", wrong}}) {
      Refusal.leaving(home)
          .refused("snapshot", "wrong-password", home, () -> snapshotPassively(secret));
    }
    assertThat(snapshotPassively("--password-file", password).good()).isNotNull();
    Writer.work(home, 500, "--password-file", password.toString());
    Cli.json("sync", "--standby", standby, "--passive", "--password-file", password).good();
    Writer.run("check", standby, "--password-file", password.toString());
  }

  private Outcome snapshotPassively(Object... more) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("snapshot", "--home", home, "--standby", standby, "--passive"));
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  /** Whoever joins it would wait for a lock that nobody gives back. */
  @Test
  void aSourceThatDoesNotAnswerIsRead() throws Exception {
    Writer.init(home, "--accounts", "300");
    try (Child application = application("--threads", "4")) {
      Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
      for (int attempt = 0; attempt < 20; attempt++) {
        application.signal("STOP");
        Cli.json("sync", "--standby", standby, "--passive").good();
        application.signal("CONT");
      }
      application.kill();
      nothingIsLost();
    }
  }

  @Test
  void whatAsksForMoreThanReadingIsRefused() throws Exception {
    Writer.init(home);
    Writer.work(home, 100);
    Path archive = work.resolve("archive");
    assertThat(Cli.run("sync", "--standby", standby, "--passive", "--checkpoint").code())
        .isEqualTo(2);
    assertThat(snapshotPassively("--checkpoint").code()).isEqualTo(2);
    assertThat(snapshotPassively("--procedure", "archive", "--archive", archive).code())
        .isEqualTo(2);
    assertThat(standby).doesNotExist();
    Cli.json(Words.archiving(home, standby, archive)).good();
    Refusal.leaving(standby, home, archive)
        .refused(
            "sync",
            "not-passive",
            standby,
            () -> Cli.json("sync", "--standby", standby, "--passive"));
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    Writer.init(home);
    Writer.work(home, 500);
    var source = Tree.of(home);
    assertThat(snapshotPassively("--dry-run").good().path("dryRun").asBoolean()).isTrue();
    assertThat(standby).doesNotExist();
    snapshotPassively().good();
    Writer.work(home, 500);
    var before = Tree.of(standby);
    Cli.json("sync", "--standby", standby, "--passive", "--dry-run").good();
    assertThat(Tree.of(standby)).isEqualTo(before);
    assertThat(Tree.of(home)).isNotEqualTo(source);
  }

  @Test
  void aDirectoryWithoutLogIsNoSource() throws Exception {
    Files.createDirectories(home);
    Refusal.leaving(home).refused("snapshot", "no-environment", home, this::snapshotPassively);
  }
}
