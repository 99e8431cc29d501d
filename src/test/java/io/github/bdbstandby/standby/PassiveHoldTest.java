package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of files can tell of the regions that a source runs in. */
final class PassiveHoldTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void anEnvironment() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Writer.run("create", home, "--db", "loaded.db");
  }

  private Outcome snapshot(Object... more) throws IOException {
    return run("snapshot", "--home " + home, more);
  }

  private Outcome sync(Object... more) throws IOException {
    return run("sync", "", more);
  }

  private Outcome run(String command, String source, Object... more) throws IOException {
    String words = command + " --standby " + standby + " " + source;
    return Cli.json(
        Stream.concat(Arrays.stream(words.strip().split(" ")), Arrays.stream(more)).toArray());
  }

  private void refusedForBulkLoad() throws Exception {
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(standby)
          .andSources(home)
          .snapshotNeeded(
              "failover", "bulk-load", home, () -> Cli.json("failover", "--standby", standby, how));
    }
  }

  private void load() throws Exception {
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
  }

  /** It was taken by a snapshot that joined the source, and is gone with the regions. */
  @Test
  void aHoldIsNotForgottenByWhoReadsFiles() throws Exception {
    try (Child application = Writer.idle(home)) {
      snapshot().good();
      sync("--passive").good();
      snapshot("--passive").good();
      sync("--passive").good();
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    sync("--passive").good();
    load();
    refusedForBulkLoad();
    snapshot().good();
  }

  @Test
  void norThatThereWereNoRegionsToTakeOneIn() throws Exception {
    Writer.run("remove-environment", home, "--force");
    snapshot().good();
    sync("--passive").good();
    load();
    refusedForBulkLoad();
  }

  /** Nothing was lost while it stood. */
  @Test
  void aHoldThatStandsVouchesForTheLog() throws Exception {
    try (Child application = Writer.idle(home)) {
      snapshot().good();
      sync("--passive").good();
      Writer.run("bulk", home, "--db", "bulk.db", "--records", "2000");
      application.kill();
    }
    assertThat(Cli.json("failover", "--standby", standby).good().has("losses")).isFalse();
    Writer.run("bulk-check", standby, "--db", "bulk.db", "--records", "2000");
  }

  /** The last one that waits is complete and gone at the source, which has the next. */
  private void allThatIsGoneWaits() throws Exception {
    List<LogFile> logs = LogFile.in(home);
    Path incoming = new StandbyDirectory(standby).incoming();
    Files.createDirectories(incoming);
    assertThat(logs).hasSizeGreaterThan(4);
    for (LogFile log : logs.subList(0, 3)) {
      Files.copy(
          log.path(),
          incoming.resolve(log.path().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
      Files.delete(log.path());
    }
  }

  @Test
  void aSourceInTheSameRegionsHasRunOn() throws Exception {
    Path acknowledged = work.resolve("acknowledged");
    try (Child application = Writer.idle(home)) {
      snapshot("--passive").good();
      Writer.work(home, 900, "--ack", acknowledged.toString());
      Writer.run("checkpoint", home);
      allThatIsGoneWaits();
      sync("--passive", "--dry-run").good();
      sync("--passive").good();
      assertThat(
              Writer.run("check", standby, "--ack", acknowledged.toString())
                  .path("lostAcks")
                  .asLong(-1))
          .isZero();
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** It may be a backup that was put back, whose next file fits by chance. */
  @Test
  void aSourceInOtherRegionsMayBeAnotherOne() throws Exception {
    try (Child application = Writer.idle(home)) {
      snapshot("--passive").good();
      Writer.work(home, 900);
      Writer.run("checkpoint", home);
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    allThatIsGoneWaits();
    refusedForTheGap();
    try (Child application = Writer.start(home, "--seconds", "0", "--recover")) {
      refusedForTheGap();
      assertThat(application.isAlive()).isTrue();
    }
  }

  private void refusedForTheGap() throws Exception {
    for (String how : List.of("--dry-run", "-v")) {
      Outcome refused = sync("--passive", how);
      assertThat(refused.code()).as("%s", refused).isEqualTo(4);
      assertThat(refused.json().path("reason").asText()).isEqualTo("log-gap");
    }
  }
}
