package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source that is lost for its application and not for its readers is not left behind in silence.
 */
final class LossTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
  }

  private void snapshot(Object... more) throws Exception {
    Object[] all = new Object[more.length + 5];
    System.arraycopy(new Object[] {"snapshot", "--home", home, "--standby", standby}, 0, all, 0, 5);
    System.arraycopy(more, 0, all, 5, more.length);
    Cli.json(all).good();
  }

  private Outcome failover(Object... more) throws Exception {
    Object[] all = new Object[more.length + 3];
    System.arraycopy(new Object[] {"failover", "--standby", standby}, 0, all, 0, 3);
    System.arraycopy(more, 0, all, 3, more.length);
    return Cli.json(all);
  }

  /** Commits after the snapshot, and log files that went before anybody had them. */
  private Path gap() throws Exception {
    snapshot();
    Writer.work(home, 600, "--ack", acknowledged.toString());
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    Path first = home.resolve("log.0000000001");
    assertThat(first).doesNotExist();
    return first;
  }

  private JsonNode refused(String reason, Object named) throws Exception {
    Refusal refusal = Refusal.leaving(standby).andSources(home);
    // A plan is held to the same.
    refusal.snapshotNeeded("failover", reason, named, () -> failover("--dry-run"));
    return refusal.snapshotNeeded("failover", reason, named, this::failover);
  }

  @Test
  void aGapIsRefusedBeforeAnythingIsChanged() throws Exception {
    Path missing = gap();
    JsonNode refusal = refused("log-gap", missing);
    assertThat(refusal.path("message").asText()).containsPattern("from 1/\\d+ on");
  }

  /** The first of the two ways that the hint names, as it is written there. */
  @Test
  void theOldHomeIsRecoveredAndTaken() throws Exception {
    String hint = refused("log-gap", gap()).path("hint").asText();
    assertThat(hint).contains("bdb-standby failover --accept-loss --standby " + standby);
    Matcher command = Pattern.compile("bdb-standby ((recover|snapshot) [^;]+)").matcher(hint);
    for (String named : List.of("recover", "snapshot")) {
      assertThat(command.find()).isTrue();
      assertThat(command.group(2)).isEqualTo(named);
      Cli.json((Object[]) command.group(1).split(" ", -1)).good();
    }
    assertThat(failover().good().has("losses")).isFalse();
    assertThat(lostAcks(standby)).isZero();
  }

  private long lostAcks(Path where) throws Exception {
    return Writer.run("check", where, "--ack", acknowledged.toString()).path("lostAcks").asLong();
  }

  @Test
  void anAcceptedLossIsTold() throws Exception {
    Instant before = Instant.now();
    Path missing = gap();
    Map<String, String> held = Tree.of(standby);
    JsonNode plan = failover("--accept-loss", "--dry-run").good().path("steps").path(0);
    assertThat(plan.path("action").asText()).contains(missing.toString(), "from 1/");
    assertThat(Tree.of(standby)).isEqualTo(held);
    long recoveredTo = ManifestFile.ofStandby(new StandbyDirectory(standby)).recoveredTo().offset();
    JsonNode promoted = failover("--accept-loss").good();
    assertThat(promoted.path("losses")).hasSize(1);
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("log-gap");
    assertThat(loss.path("message").asText()).contains(missing.toString());
    assertThat(loss.path("from").path("file").asLong()).isEqualTo(1);
    assertThat(loss.path("from").path("offset").asLong()).isEqualTo(recoveredTo);
    List<LogFile> left = LogFile.in(home);
    assertThat(loss.path("to").path("file").asLong()).isEqualTo(left.get(left.size() - 1).number());
    assertThat(loss.path("logFiles").asLong()).isEqualTo(left.size());
    assertThat(loss.path("bytes").asLong()).isPositive();
    assertThat(Instant.parse(loss.path("since").asText()))
        .isBetween(before.minusSeconds(1), Instant.now());
    assertThat(promoted.path("notes").toString()).contains("nothing salvaged", "from 1/");
    Writer.run("check", standby);
  }

  @Test
  void theLibraryTellsTheSame() throws Exception {
    gap();
    Standby library = Standby.at(standby);
    assertThatThrownBy(() -> library.failover(FailoverOptions.defaults(), StandbyListener.NONE))
        .isInstanceOfSatisfying(
            SnapshotNeededException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOG_GAP));
    Promotion promotion =
        library.failover(FailoverOptions.builder().acceptLoss(true).build(), StandbyListener.NONE);
    assertThat(promotion.losses())
        .singleElement()
        .satisfies(loss -> assertThat(loss.reason()).isEqualTo(Reason.LOG_GAP));
  }

  @Test
  void ofASourceThatIsGoneNothingCanBeHad() throws Exception {
    gap();
    Files.move(home, work.resolve("gone"));
    JsonNode promoted = failover().good();
    assertThat(promoted.has("losses")).isFalse();
    assertThat(promoted.path("notes").toString()).contains("no log files can be read there");
    Writer.run("check", standby);
  }

  @Test
  void aSourceOfAnotherHistoryIsNotPassedOver() throws Exception {
    snapshot();
    Tree.delete(home);
    Writer.init(home, "--types", "btree", "--accounts", "7");
    Writer.work(home, 200);
    refused("history-diverged", home);
    JsonNode loss = failover("--accept-loss").good().path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("history-diverged");
    assertThat(loss.path("logFiles").asLong()).isPositive();
    Writer.run("check", standby);
  }

  /** A machine that lost its power may have less than it had shipped; there is nothing to lose. */
  @Test
  void aSourceThatHasLessIsNoLoss() throws Exception {
    Path older = work.resolve("older");
    Tree.copy(home, older);
    Writer.work(home, 20);
    snapshot();
    Tree.delete(home);
    Tree.copy(older, home);
    JsonNode promoted = failover().good();
    assertThat(promoted.path("notes").toString()).contains("no more than the standby");
    Writer.run("check", standby);
  }

  @Test
  void bulkLoadWhileTheHoldWasGone() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    try (Child application = Writer.idle(home)) {
      snapshot(); // the hold is taken in regions that are there
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
    refused("bulk-load", home);
    JsonNode promoted = failover("--accept-loss").good();
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("bulk-load");
    assertThat(loss.path("logFiles").asLong()).isZero();
    assertThat(promoted.path("steps").path(0).path("files").asLong()).isPositive();
  }

  /** As who recovers at each start, and once more before the failover. */
  @Test
  void bulkLoadInRegionsThatAreGoneToo() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    try (Child application = Writer.idle(home)) {
      snapshot();
      application.kill();
    }
    Writer.work(home, 5, "--recover");
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
    Writer.run("remove-environment", home, "--force");
    refused("bulk-load", home);
  }

  /** Nobody had it open, so that there was nothing to hold bulk loading back in. */
  @Test
  void bulkLoadAfterASnapshotAtRest() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    Writer.run("remove-environment", home, "--force");
    snapshot();
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
    refused("bulk-load", home);
    assertThat(failover("--accept-loss").good().path("losses").path(0).path("reason").asText())
        .isEqualTo("bulk-load");
  }

  @Test
  void whatGrewNoDatabaseAfterASnapshotAtRest() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    Writer.run("remove-environment", home, "--force");
    snapshot();
    Writer.run("put", home, "--db", "loaded.db", "--key", "more", "--value", "v");
    assertThat(failover().good().has("losses")).isFalse();
    Writer.run("count", standby, "--db", "loaded.db");
  }

  private void loadedSinceTheSnapshot() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    try (Child application = Writer.idle(home)) {
      snapshot();
      Writer.run("bulk", home, "--db", "bulk.db", "--records", "2000");
      application.kill();
    }
  }

  @Test
  void regionsThatWentWithARebootDoNotKeepAFailoverBack() throws Exception {
    loadedSinceTheSnapshot();
    Writer.run("remove-environment", home, "--force");
    assertThat(failover().good().has("losses")).isFalse();
    Writer.run("bulk-check", standby, "--db", "bulk.db", "--records", "2000");
  }

  @Test
  void regionsThatAreStillThereVouchForTheLog() throws Exception {
    loadedSinceTheSnapshot();
    assertThat(failover().good().has("losses")).isFalse();
    Writer.run("bulk-check", standby, "--db", "bulk.db", "--records", "2000");
  }

  @Test
  void aDatabaseMadeWhereNobodyLooksInAFlatStandby() throws Exception {
    Tree.delete(home);
    Writer.init(
        home,
        "--types",
        "btree",
        "--config",
        "add_data_dir data",
        "--config",
        "set_create_dir data");
    snapshot("--layout", "flat");
    Writer.run("create", home, "--db", "new.db");
    refused("unresolved-database", "new.db");
    JsonNode loss = failover("--accept-loss").good().path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("unresolved-database");
  }

  /** A disk that fails gives errors of all kinds; what was shipped takes over. */
  @Test
  void aSourceThatCanNotBeReadDoesNotHinder() throws Exception {
    snapshot();
    Writer.work(home, 300, "--ack", acknowledged.toString());
    Files.write(home.resolve("DB_CONFIG"), new byte[4 << 20]); // longer than any
    failover("--dry-run").good();
    Outcome promoted = failover();
    promoted.good();
    assertThat(promoted.err()).contains(home + ": can't be read");
    assertThat(lostAcks(standby)).isZero();
  }
}
