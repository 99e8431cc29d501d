package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a standby stands, told from files alone, whatever state they are in. */
final class StatusTest {
  private static final Pattern RECORD = Pattern.compile("^\\[(\\d+)\\]\\[(\\d+)\\](\\S+): .*");
  private static final Pattern TIMESTAMP = Pattern.compile("^\\s+timestamp: (\\d+) .*");
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private void snapshot(String... more) throws Exception {
    Writer.init(home, more);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private JsonNode status() throws Exception {
    return Cli.json("status", "--standby", standby).good();
  }

  private static Lsn lsn(JsonNode json) {
    return new Lsn(json.path("file").asLong(), json.path("offset").asLong());
  }

  /** By libdb's own reading of the log: the time of the first commit from there on. */
  private static Instant firstCommit(Path directory, Lsn from) throws Exception {
    Child.Ended printed;
    try (Child run =
        Child.start(new ProcessBuilder("db5.3_printlog", "-h", directory.toString()))) {
      printed = run.await();
    }
    assertThat(printed.code()).as(printed.err()).isZero();
    boolean wanted = false;
    for (String line : printed.out().lines().toList()) {
      Matcher record = RECORD.matcher(line);
      if (record.matches()) {
        Lsn at = new Lsn(Long.parseLong(record.group(1)), Long.parseLong(record.group(2)));
        wanted = at.compareTo(from) >= 0 && record.group(3).startsWith("__txn_regop");
      }
      Matcher time = TIMESTAMP.matcher(line);
      if (wanted && time.matches()) {
        return Instant.ofEpochSecond(Long.parseLong(time.group(1)));
      }
    }
    throw new AssertionError("no commit after " + from + " in " + printed);
  }

  private void sleepOverSeconds(int seconds) throws InterruptedException {
    long end = Instant.now().getEpochSecond() + seconds;
    while (Instant.now().getEpochSecond() < end) {
      Thread.sleep(50);
    }
  }

  /** Status, held to the age of the first commit that the standby lacks. */
  private JsonNode statusAsOld(Path log) throws Exception {
    Instant before = Instant.now();
    JsonNode status = status();
    Instant after = Instant.now();
    Instant commit = firstCommit(log, lsn(status.path("recoveredTo")));
    assertThat(status.path("behindSeconds").asLong(-1))
        .as("%s, %s", status, commit)
        .isBetween(
            Duration.between(commit, before).toSeconds(),
            Duration.between(commit, after).toSeconds());
    return status;
  }

  @Test
  void behindByTheOldestCommitNotApplied() throws Exception {
    snapshot();
    JsonNode level = status();
    assertThat(level.path("behindSeconds").asLong(-1)).as("%s", level).isZero();
    assertThat(level.path("unshippedBytes").asLong(-1)).isZero();
    assertThat(level.path("shippedTo")).isEqualTo(level.path("recoveredTo"));
    Writer.work(home, 300);
    sleepOverSeconds(3);
    Writer.work(home, 300); // younger: of no account as long as the first ones are not applied
    long old = statusAsOld(home).path("behindSeconds").asLong();
    assertThat(old).isGreaterThanOrEqualTo(2);
    Cli.json("sync", "--standby", standby).good();
    assertThat(status().path("behindSeconds").asLong(-1)).isZero();
    Writer.work(home, 20);
    statusAsOld(home);
  }

  /** Log without a commit is no age, however much of it there is. */
  @Test
  void aCheckpointIsNoCommit() throws Exception {
    snapshot();
    Writer.work(home, 20, "--checkpoint-ms", "0");
    Cli.json("sync", "--standby", standby).good();
    Writer.run("checkpoint", home);
    JsonNode status = status();
    assertThat(status.path("behindBytes").asLong()).isPositive();
    assertThat(status.path("behindSeconds").asLong(-1)).as("%s", status).isZero();
  }

  @Test
  void anEncryptedLogTellsOnlyThatNothingIsNew() throws Exception {
    Environments.init("encrypted", home);
    Path password = Environments.passwordFile(home);
    Cli.json("snapshot", "--home", home, "--standby", standby, "--password-file", password).good();
    assertThat(status().path("behindSeconds").asLong(-1)).isZero();
    Writer.work(home, 100);
    JsonNode status = status();
    assertThat(status.path("behindBytes").asLong()).isPositive();
    assertThat(status.path("behindSeconds").isMissingNode()).isTrue();
  }

  @Test
  void measuredByWhatWasShippedWhenTheSourceIsGone() throws Exception {
    snapshot();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json", "--interval", "1h")) {
      Writer.work(home, 20);
      follower.awaitLine("{"); // the next cycle is an hour away
      Writer.work(home, 600);
      awaitShipped();
      JsonNode status = statusAsOld(home);
      assertThat(status.path("running").asBoolean()).isTrue();
      assertThat(status.path("behindBytes").asLong()).isPositive();
      assertThat(status.path("unshippedBytes").asLong(-1)).isZero();
      follower.kill();
    }
    Path gone = work.resolve("gone");
    Files.move(home, gone);
    JsonNode status = statusAsOld(gone);
    assertThat(status.path("behindBytes").isMissingNode()).isTrue();
    assertThat(lsn(status.path("shippedTo"))).isGreaterThan(lsn(status.path("recoveredTo")));
    assertThat(status.path("problem").asText()).contains(home.toString());
    JsonNode promoted = Cli.json("failover", "--standby", standby).good();
    assertThat(promoted.path("recoveredTo")).isEqualTo(status.path("shippedTo"));
  }

  private void awaitShipped() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!status().path("shippedTo").equals(status().path("sourceEnd"))) {
      assertThat(System.nanoTime()).as("%s", status()).isLessThan(end);
    }
  }

  /** Asked again and again while files come, move and go. */
  @Test
  void whileFollowing() throws Exception {
    snapshot("--accounts", "200");
    try (Child application =
            Writer.start(home, "--seconds", "0", "--rate", "500", "--checkpoint-ms", "100");
        Child follower =
            Cli.start("follow", "--standby", standby, "--json", "--interval", "50ms")) {
      follower.awaitLine("{");
      Lsn last = Lsn.ZERO;
      for (int i = 0; i < 200 || last.file() < 3; i++) {
        assertThat(application.isAlive()).isTrue();
        JsonNode status = status();
        Lsn now = lsn(status.path("recoveredTo"));
        assertThat(now).isGreaterThanOrEqualTo(last);
        assertThat(lsn(status.path("shippedTo"))).isGreaterThanOrEqualTo(now);
        assertThat(status.path("running").asBoolean()).isTrue();
        assertThat(status.path("problem").isMissingNode()).as("%s", status).isTrue();
        assertThat(status.path("behindBytes").asLong(-1)).isGreaterThanOrEqualTo(0);
        last = now;
      }
      // Asking takes no lock from anybody.
      assertThat(Cli.json("sync", "--standby", standby).json().path("reason").asText())
          .isEqualTo("locked");
      // Killed they might keep a lock of the regions.
      follower.stop();
      application.stop();
    }
    Cli.json("sync", "--standby", standby).good();
    assertThat(status().path("running").asBoolean()).isFalse();
  }
}
