package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody has started the application on a standby, without a failover. */
final class RunOnStandbyTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  /** Of all that was committed at home before, and in the standby. */
  private Path acknowledged;

  @BeforeEach
  void aStandby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree,hash");
    Writer.work(home, 100, "--ack", acknowledged.toString());
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Cli.json("sync", "--standby", standby).good();
  }

  /** Without a checkpoint: what it has committed is in the log and in a cache that is no more. */
  private void runOnAndDie(int commits) throws Exception {
    try (Child application =
        Writer.start(
            standby,
            "--commits",
            String.valueOf(commits),
            "--checkpoint-ms",
            "0",
            "--hold",
            "--sync",
            "--ack",
            acknowledged.toString())) {
      application.awaitLine("{");
    }
  }

  private void assertHasAll(Path kept) throws Exception {
    Writer.run("check", kept, "--ack", acknowledged.toString());
  }

  private Path replaced() throws Exception {
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("replaced")).hasSize(1);
    return Path.of(status.path("replaced").get(0).asText());
  }

  /** Nobody is seen there when the run looks for users of the standby. */
  @Test
  void whoCameAndWentWhileLogWasGatheredKeepsItsCommits() throws Exception {
    Writer.work(home, 100);
    Map<String, String> stopping =
        Operation.struck(standby, "fsync standby/incoming/log#1", "stop-before");
    try (Child sync = Cli.start(stopping, work, "sync", "--standby", standby, "--json")) {
      sync.awaitStop();
      runOnAndDie(100);
      sync.signal("CONT");
      Child.Ended ended = sync.await();
      assertThat(ended.code()).as(ended.toString()).isEqualTo(4);
      assertThat(ended.out()).contains("\"history-diverged\"");
    }
    Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertHasAll(standby);
  }

  @Test
  void whoCameAndWentWhileASnapshotWasTakenKeepsItsCommits() throws Exception {
    Map<String, String> stopping =
        Operation.struck(standby, "create standby/image/database#1", "stop-before");
    try (Child snapshot =
        Cli.start(stopping, work, "snapshot", "--home", home, "--standby", standby, "--json")) {
      snapshot.awaitStop();
      runOnAndDie(100);
      snapshot.signal("CONT");
      Child.Ended ended = snapshot.await();
      assertThat(ended.code()).as(ended.toString()).isZero();
    }
    Path kept = replaced();
    Cli.json("failover", "--standby", kept, "--accept-loss").good();
    assertHasAll(kept);
  }

  @Test
  void whoStartsWhileLogIsGatheredIsNotDisturbed() throws Exception {
    Writer.work(home, 100);
    Map<String, String> stopping =
        Operation.struck(standby, "fsync standby/incoming/log#1", "stop-before");
    try (Child sync = Cli.start(stopping, work, "sync", "--standby", standby, "--json")) {
      sync.awaitStop();
      try (Child application = Writer.idle(standby, "--sync", "--ack", acknowledged.toString())) {
        Map<String, String> before = Tree.withoutRegions(standby);
        sync.signal("CONT");
        Child.Ended ended = sync.await();
        assertThat(ended.code()).as(ended.toString()).isEqualTo(3);
        assertThat(ended.out()).contains("\"locked\"", "process " + application.pid());
        assertThat(Tree.withoutRegions(standby)).containsAllEntriesOf(withoutMarks(before));
        application.kill();
      }
    }
    assertThat(Cli.json("sync", "--standby", standby).json().path("reason").asText())
        .isEqualTo("history-diverged");
  }

  private static Map<String, String> withoutMarks(Map<String, String> files) {
    files.keySet().removeIf(name -> name.startsWith(".bdb-standby"));
    return files;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 400}) // within a log file, and over several
  void commitsThereAreKept(int commits) throws Exception {
    runOnAndDie(commits);
    Writer.work(home, 100);
    String log = standby.toString();
    Refusal refusal = Refusal.leaving(standby);
    refusal.snapshotNeeded(
        "sync", "history-diverged", log, () -> Cli.json("sync", "--standby", standby, "--dry-run"));
    assertThat(Cli.json("sync", "--standby", standby).json().path("reason").asText())
        .isEqualTo("history-diverged");
    assertThat(Cli.json("follow", "--standby", standby, "--on-gap", "stop").code()).isEqualTo(4);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path kept = replaced();
    Cli.json("failover", "--standby", kept, "--accept-loss").good();
    assertHasAll(kept);
    Cli.json("sync", "--standby", standby).good();
  }

  @Test
  void followKeepsThem() throws Exception {
    runOnAndDie(20);
    Writer.work(home, 100);
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      follower.await();
    }
    Path kept = replaced();
    Cli.json("failover", "--standby", kept, "--accept-loss").good();
    assertHasAll(kept);
  }

  @Test
  void failoverKeepsThem() throws Exception {
    runOnAndDie(20);
    Tree.delete(home);
    Cli.json("failover", "--standby", standby).good();
    assertHasAll(standby);
  }

  @Test
  void failoverSaysWhatItWouldLose() throws Exception {
    runOnAndDie(20);
    Writer.work(home, 100);
    Refusal refusal = Refusal.leaving(standby);
    refusal.snapshotNeeded(
        "failover",
        "history-diverged",
        standby,
        () -> Cli.json("failover", "--standby", standby, "--dry-run"));
    assertThat(Cli.json("failover", "--standby", standby).code()).isEqualTo(4);
    Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertHasAll(standby);
  }

  /** What it has committed since is in a file that its disk does not give. */
  @Test
  void failoverSaysThatTheSourceCanNotBeRead() throws Exception {
    runOnAndDie(20);
    Path bad = lastLog();
    Writer.work(home, 1, "--checkpoint-ms", "0");
    assertThat(lastLog()).isEqualTo(bad);
    Files.move(bad, work.resolve("moved"));
    Files.createDirectory(bad); // as root no right is wanting
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(standby)
          .refused(
              "failover", "no-access", bad, () -> Cli.json("failover", "--standby", standby, how));
    }
    JsonNode promoted = Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertThat(promoted.path("losses").path(0).path("reason").asText()).isEqualTo("no-access");
    assertThat(promoted.path("notes").toString()).contains("has commits of its own");
    assertHasAll(standby);
  }

  private Path lastLog() throws Exception {
    List<LogFile> logs = LogFile.in(home);
    return logs.get(logs.size() - 1).path();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNotTouchedWhileItIsOpen(boolean hasPrivateRegions) throws Exception {
    Writer.work(home, 100);
    String[] options = hasPrivateRegions ? new String[] {"--private"} : new String[0];
    try (Child application = Writer.idle(standby, options)) {
      String process = "process " + application.pid();
      Refusal refusal = Refusal.leaving().andSources(standby);
      refusal.refused("sync", "locked", process, () -> Cli.json("sync", "--standby", standby));
      refusal.refused(
          "sync", "locked", process, () -> Cli.json("sync", "--standby", standby, "--dry-run"));
      refusal.refused("follow", "locked", process, () -> Cli.json("follow", "--standby", standby));
      refusal.refused(
          "snapshot",
          "locked",
          process,
          () -> Cli.json("snapshot", "--home", home, "--standby", standby));
      refusal.refused(
          "snapshot",
          "locked",
          process,
          () -> Cli.json("snapshot", "--home", home, "--standby", standby, "--dry-run"));
      refusal.refused(
          "failover", "locked", process, () -> Cli.json("failover", "--standby", standby));
      refusal.refused(
          "failover",
          "locked",
          process,
          () -> Cli.json("failover", "--standby", standby, "--dry-run"));
    }
  }

  @Test
  void followEndsWhenItIsOpened() throws Exception {
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitLines("{", 1);
      try (Child application = Writer.idle(standby)) {
        Writer.work(home, 20);
        Child.Ended ended = follower.await();
        assertThat(ended.code()).as("%s", ended).isEqualTo(3);
        assertThat(ended.out()).contains("\"locked\"").contains("process " + application.pid());
      }
    }
  }

  /** Who reads there, such as a backup, is not harmed by a page that changes. */
  @Test
  void maybeReadMeanwhile() throws Exception {
    Path database = standby.resolve("accounts-btree-0.db");
    assertThat(database).exists();
    Process reader = new ProcessBuilder("tail", "-f", database.toString()).start();
    try {
      while (!has(reader.pid(), database)) {
        Thread.sleep(5);
      }
      Writer.work(home, 20);
      Cli.json("sync", "--standby", standby).good();
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  private static boolean has(long process, Path file) throws Exception {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(Path.of("/proc", String.valueOf(process), "fd"))) {
      for (Path each : all) {
        try {
          if (Files.isSameFile(each, file)) {
            return true;
          }
        } catch (NoSuchFileException e) {
          // closed since it was listed: a process that starts opens libraries
        }
      }
    }
    return false;
  }

  /** Recovery by hand commits nothing. */
  @Test
  void maybeOpenedWithoutCommit() throws Exception {
    Cli.json("recover", "--home", standby, "--normal").good();
    Writer.work(home, 20);
    Cli.json("sync", "--standby", standby).good();
    Cli.json("verify", "--standby", standby).good();
  }
}
