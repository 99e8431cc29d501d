package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking over from a primary that is dead, half dead, or very much alive; and the way back. */
final class FailoverTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--accounts", "300");
  }

  private Child application(String... more) throws Exception {
    String[] all = new String[more.length + 9];
    String[] usual = {"--seconds", "0", "--rate", "500", "--sync", "--checkpoint-ms", "200"};
    System.arraycopy(usual, 0, all, 0, usual.length);
    all[usual.length] = "--ack";
    all[usual.length + 1] = acknowledged.toString();
    System.arraycopy(more, 0, all, usual.length + 2, more.length);
    return Writer.start(home, all);
  }

  private void snapshot() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private JsonNode failover(Object... more) throws Exception {
    Object[] all = new Object[more.length + 3];
    System.arraycopy(new Object[] {"failover", "--standby", standby}, 0, all, 0, 3);
    System.arraycopy(more, 0, all, 3, more.length);
    return Cli.json(all).good();
  }

  @Test
  void whatIsLeftAsideIsNotThrownAway() throws Exception {
    snapshot();
    Path aside = Files.createDirectories(standby.resolve(".bdb-standby/incoming/aside"));
    Files.writeString(aside.resolve("0f"), "a database");
    for (String how : new String[] {"--dry-run", "-v"}) {
      Refusal.leaving(standby)
          .refused(
              "failover",
              "unresolved-database",
              aside,
              () -> Cli.json("failover", "--standby", standby, how));
    }
    Refusal.leaving(standby)
        .refused(
            "verify", "unresolved-database", aside, () -> Cli.json("verify", "--standby", standby));
    for (String damaged : new String[] {"one", "0".repeat(40) + "\0../one.db\0"}) {
      Files.writeString(aside.resolve("places"), damaged);
      for (String command : new String[] {"sync", "failover", "verify"}) {
        Refusal.leaving(standby)
            .refused(
                command,
                "damaged",
                "no list of databases and places",
                () -> Cli.json(command, "--standby", standby));
      }
      dryRunsFindDamage();
    }
    Files.delete(aside.resolve("places"));
    Files.delete(aside.resolve("0f"));
    failover();
  }

  private void dryRunsFindDamage() throws Exception {
    Object[][] runs = {
      {"sync", "--standby", standby, "--dry-run"},
      {"failover", "--standby", standby, "--dry-run"},
      {"snapshot", "--home", home, "--standby", standby, "--dry-run"},
      {"snapshot", "--home", home, "--standby", standby}
    };
    for (Object[] run : runs) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              run[0].toString(), "damaged", "no list of databases and places", () -> Cli.json(run));
    }
  }

  /** What it will find then is not known before. */
  @Test
  void aSwitchThatWasCutOffIsNotPlannedFor() throws Exception {
    snapshot();
    StandbyDirectory directory = new StandbyDirectory(standby);
    String next = Files.readString(directory.manifest());
    Files.writeString(directory.journal(), "{\"phase\":\"clearing\",\"next\":" + next + "}");
    for (String command : new String[] {"sync", "failover"}) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              command,
              "locked",
              standby,
              () -> Cli.json(command, "--standby", standby, "--dry-run"));
    }
  }

  @Test
  void aFollowerIsAskedToLetGo() throws Exception {
    try (Child application = application()) {
      snapshot();
      try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
        follower.awaitLines("{", 2);
        for (String how : new String[] {"--dry-run", "-v"}) {
          Refusal.leaving()
              .refused(
                  "failover",
                  "locked",
                  "process " + follower.pid(),
                  () -> Cli.json("failover", "--standby", standby, how));
        }
        application.kill();
        assertThat(failover("--take-over").path("epoch").asLong()).isEqualTo(2);
        Child.Ended ended = follower.await();
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("let-go standby=\"" + standby + "\" reason=\"failover\"");
      }
    }
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong()).isZero();
    assertThat(standby.resolve(".bdb-standby/take-over")).doesNotExist();
  }

  /** It goes on acknowledging until the fence stands, and not after. */
  @Test
  void aLivePrimaryIsFenced() throws Exception {
    try (Child application = application("--threads", "4")) {
      snapshot();
      JsonNode promoted = failover("--fence");
      assertThat(promoted.path("fenced").asBoolean()).isTrue();
      assertThat(application.await().code()).isNotZero();
      assertThat(application.await().err()).contains("DB_RUNRECOVERY");
    }
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("ok").asBoolean()).isTrue();
    assertThat(Files.size(acknowledged)).isPositive();
    assertThat(books.path("lostAcks").asLong()).isZero();
  }

  @Test
  void whatCantBeFencedIsTold() throws Exception {
    Writer.work(home, 200);
    snapshot();
    Files.move(home, work.resolve("gone"));
    JsonNode promoted = failover("--fence");
    assertThat(promoted.path("fenced").asBoolean()).isFalse();
    assertThat(promoted.path("notes").toString()).contains("no regions there");
  }

  @Test
  void aPrimaryStillInUseIsTold() throws Exception {
    try (Child application = application()) {
      snapshot();
      assertThat(failover().path("notes").toString())
          .contains("still in use, by process " + application.pid())
          .contains("stop it now")
          .doesNotContain("--fence"); // which is refused from now on
    }
  }

  @Test
  void aFollowerOfAnotherStandbyIsNoPrimary() throws Exception {
    Path other = work.resolve("other");
    try (Child application = application()) {
      snapshot();
      Cli.json("snapshot", "--home", home, "--standby", other).good();
      try (Child follower = Cli.start("follow", "--standby", other, "--json")) {
        follower.awaitLines("{", 1);
        application.kill();
        assertThat(failover().path("notes").toString()).doesNotContain("still in use");
        assertThat(follower.isAlive()).isTrue();
        follower.stop();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "abort"})
  void preparedTransactionsAreLeftToTheApplication(String resolution) throws Exception {
    Writer.run("create", home, "--db", "x.db");
    Writer.run("prepare GLOBAL-7", home, "--db", "x.db", "--key", "new", "--value", "v");
    snapshot();
    Writer.work(home, 300);
    Cli.json("sync", "--standby", standby).good();
    JsonNode prepared = failover().path("prepared");
    assertThat(prepared).hasSize(1);
    byte[] gid = HexFormat.of().parseHex(prepared.path(0).path("gid").asText());
    assertThat(new String(gid, StandardCharsets.US_ASCII)).isEqualTo("GLOBAL-7");
    JsonNode resolved = Writer.run("resolve " + resolution, standby, "--recover");
    assertThat(resolved.path("resolved").asLong()).isEqualTo(1);
    Writer.run("remove-environment", standby);
    assertThat(Writer.run("count", standby, "--db", "x.db", "--recover").path("count").asLong())
        .isEqualTo(resolution.equals("commit") ? 101 : 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "abort"})
  void aTransactionPreparedInOneCycleIsResolvedInAnother(String resolution) throws Exception {
    Writer.run("create", home, "--db", "x.db");
    snapshot();
    Writer.run("prepare GLOBAL-8", home, "--db", "x.db", "--key", "new", "--value", "v");
    Cli.json("sync", "--standby", standby).good();
    Writer.work(home, 300);
    Cli.json("sync", "--standby", standby).good();
    Writer.run("resolve " + resolution, home);
    Writer.work(home, 300);
    Cli.json("sync", "--standby", standby).good();
    assertThat(failover().path("prepared")).isEmpty();
    assertThat(Writer.run("count", standby, "--db", "x.db").path("count").asLong())
        .isEqualTo(resolution.equals("commit") ? 101 : 100);
    Writer.run("check", standby);
  }

  @Test
  void theWayBackIsPlannedByTheSameGuards() throws Exception {
    Writer.work(home, 100);
    snapshot();
    failover();
    Writer.work(standby, 100, "--recover");
    Path link = Files.createSymbolicLink(home.resolve("away"), work.resolve("elsewhere"));
    for (String how : new String[] {"--dry-run", "-v"}) {
      Refusal.leaving(home)
          .andSources(standby)
          .refused(
              "snapshot",
              "damaged",
              link,
              () -> Cli.json("snapshot", "--home", standby, "--standby", home, how));
    }
  }

  /** There and back: each time nothing acknowledged is lost, and the epoch tells how often. */
  @Test
  void theOldPrimaryBecomesTheStandby() throws Exception {
    try (Child application = application()) {
      snapshot();
      application.kill();
    }
    failover();
    Writer.work(standby, 500, "--recover", "--thread-base", "20");
    try (Child application =
        Writer.start(standby, "--seconds", "0", "--rate", "300", "--thread-base", "40")) {
      Cli.json("snapshot", "--home", standby, "--standby", home).good();
      assertThat(Cli.json("status", "--standby", home).good().path("home").asText())
          .isEqualTo(standby.toRealPath().toString());
      Cli.json("sync", "--standby", home).good();
      Cli.json("verify", "--standby", home).good();
      application.stop();
    }
    JsonNode back = Cli.json("failover", "--standby", home).good();
    assertThat(back.path("epoch").asLong()).isEqualTo(3);
    JsonNode books = Writer.run("check", home, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong()).isZero();
    assertThat(books.path("journal").asLong())
        .isEqualTo(Writer.run("check", standby).path("journal").asLong());
    assertThat(home.resolve(".bdb-standby/former-2")).doesNotExist();
  }

  /** What was committed on both sides of a split is nowhere else: it is not thrown away. */
  @Test
  void whatTheOldPrimaryWroteOnIsKept() throws Exception {
    Writer.work(home, 300);
    snapshot();
    failover();
    try (Child application = application("--recover", "--thread-base", "10")) {
      Refusal.leaving(standby)
          .andSources()
          .refused(
              "snapshot",
              "locked",
              "process " + application.pid(),
              () -> Cli.json("snapshot", "--home", standby, "--standby", home));
      application.stop();
    }
    JsonNode made = Cli.json("snapshot", "--home", standby, "--standby", home).good();
    Path kept = home.resolve(".bdb-standby/former-2");
    assertThat(made.path("notes").toString()).contains(kept.toString());
    assertThat(LogFile.in(kept)).isNotEmpty();
    Writer.run("check", standby);
    Cli.json("failover", "--standby", home).good();
    Writer.run("check", home);
  }

  @Test
  void aStrangersEnvironmentIsNotReplaced() throws Exception {
    Writer.work(home, 300);
    snapshot();
    Path other = work.resolve("other");
    Writer.init(other);
    failover();
    Refusal.leaving(standby, other)
        .refused(
            "snapshot",
            "standby-not-empty",
            other,
            () -> Cli.json("snapshot", "--home", standby, "--standby", other));
  }
}
