package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log files that were written beside a standby and that nobody has made durable there. */
final class ShippedLogTest {
  private static final String FIRST = "fsync standby/incoming/log#1";

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path incoming;

  @BeforeEach
  void manyLogFilesBehind() throws IOException {
    home = work.resolve("home");
    standby = work.resolve("standby");
    incoming = standby.resolve(".bdb-standby/incoming");
    Bank.writer(home, "init", "--types", "btree", "--accounts", "500", "--log-size", "65536")
        .good();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Bank.writer(home, "run", "--commits", "800").good();
  }

  private Child.Ended sync(Map<String, String> faults) throws Exception {
    Map<String, String> all = new HashMap<>(faults);
    all.put("LD_PRELOAD", System.getProperty("bdbstandby.faults.library"));
    all.put("BDB_FAULTS_WATCH", "standby=" + standby);
    try (Child child = Cli.start(all, work, "sync", "--standby", standby.toString(), "--json")) {
      return child.await();
    }
  }

  private static Map<String, String> at(String point, String action) {
    return Map.of("BDB_FAULTS_AT", point, "BDB_FAULTS_ACTION", action);
  }

  @Test
  void areMadeSoBeforeTheyGetIn() throws Exception {
    assertThat(sync(at(FIRST, "kill-before")).code()).isEqualTo(137);
    int waiting = LogFile.in(incoming).size();
    assertThat(waiting).isGreaterThan(5);

    Path trace = work.resolve("trace");
    assertThat(sync(Map.of("BDB_FAULTS_TRACE", trace.toString())).code()).isZero();
    int durable = 0;
    int let = 0;
    for (String operation : Files.readAllLines(trace)) {
      switch (operation) {
        case "fsync standby/incoming/log", "fsync standby/incoming/new-log" -> durable++;
        case "rename standby/log" -> assertThat(durable).isGreaterThanOrEqualTo(++let);
        default -> {}
      }
    }
    assertThat(let).isGreaterThanOrEqualTo(waiting);
  }

  @Test
  void areShippedAgainWhereTheFirstIsNotThere() throws Exception {
    assertThat(sync(at(FIRST, "kill-before")).code()).isEqualTo(137);
    Files.delete(LogFile.in(incoming).get(0).path());
    assertThat(sync(Map.of()).code()).isZero();
    assertThat(Bank.writer(standby, "check").good().out())
        .isEqualTo(Bank.writer(home, "check").good().out());
  }

  @Test
  void areNotLeftOutInSilenceWhereADiskHasSpoiltThem() throws Exception {
    assertThat(sync(at(FIRST, "kill-before")).code()).isEqualTo(137);
    Path first = LogFile.in(incoming).get(0).path();
    byte[] log = Files.readAllBytes(first);
    log[100]++;
    Files.write(first, log);
    PathUtils.deleteDirectory(home);
    Refusal refusal = Refusal.leaving(standby);
    for (String how : List.of("--dry-run", "-v")) {
      refusal.snapshotNeeded(
          "failover", "log-gap", first, () -> Cli.json("failover", "--standby", standby, how));
    }
    JsonNode promoted =
        Cli.json("failover", "--standby", standby, "--accept-loss").good().path("losses");
    assertThat(promoted).hasSize(1);
    assertThat(promoted.get(0).path("reason").asText()).isEqualTo("log-gap");
    Bank.writer(standby, "check").good();
  }

  @Test
  void goAgainWhereTheDeviceHasRefusedThem() throws Exception {
    assertThat(sync(at(FIRST, "eio")).code()).isEqualTo(1);
    assertThat(LogFile.in(incoming)).isEmpty();
    assertThat(sync(Map.of()).code()).isZero();
    assertThat(Bank.writer(standby, "check").good().out())
        .isEqualTo(Bank.writer(home, "check").good().out());
  }

  /** Java tells it in the words of the system, which has them in German. */
  @Test
  void wantRoomInAnyLanguage() throws Exception {
    Map<String, String> german = new HashMap<>(at(FIRST, "enospc"));
    german.put("LANGUAGE", "de");
    Child.Ended ended = sync(german);
    assertThat(ended.code()).as("%s", ended).isEqualTo(1);
    assertThat(ended.out()).contains("\"reason\":\"disk-full\"");
  }

  /** Its source may be lost before they go again. */
  @ParameterizedTest
  @ValueSource(ints = {5, 400}) // in the same log file, and over several
  void keepWhatWasDurableBefore(int commits) throws Exception {
    Path acknowledged = work.resolve("acknowledged");
    try (Child follower = Cli.start("follow", "--standby", standby, "--interval", "1h", "--json")) {
      follower.awaitLine("{");
      Bank.writer(home, "run", "--commits", "20", "--ack", acknowledged.toString()).good();
      while (Cli.json("status", "--standby", standby).good().path("unshippedBytes").asLong() > 0
          && follower.isAlive()) {
        Thread.onSpinWait();
      }
      follower.signal("TERM");
      follower.await();
    }
    Bank.writer(home, "run", "--commits", String.valueOf(commits)).good();
    assertThat(sync(at(FIRST, "eio")).code()).isEqualTo(1);
    PathUtils.deleteDirectory(home);
    Cli.json("failover", "--standby", standby).good();
    Bank.writer(standby, "check", "--ack", acknowledged.toString()).good();
  }
}
