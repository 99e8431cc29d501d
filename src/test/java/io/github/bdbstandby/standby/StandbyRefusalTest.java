package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a standby that is there refuses, and that it is byte for byte what it was. */
final class StandbyRefusalTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree,hash");
  }

  private Outcome snapshot() throws Exception {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  private Outcome sync(Object... more) throws Exception {
    return Cli.json(
        Stream.concat(Stream.of("sync", "--standby", standby), Stream.of(more)).toArray());
  }

  private void syncNeedsSnapshot(String reason, Object named) throws Exception {
    Refusal.leaving(standby).andSources(home).snapshotNeeded("sync", reason, named, this::sync);
    // A plan is held to the same.
    Refusal.leaving(standby)
        .andSources(home)
        .snapshotNeeded("sync", reason, named, () -> sync("--dry-run"));
  }

  /** The standby still recovers to where it was, and a snapshot helps. */
  private void snapshotHelps() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copy(standby, copy);
    Writer.run("check", copy, "--recover-fatal");
    snapshot().good();
    sync().good();
    Writer.run("check", standby);
  }

  @Test
  void absolutePathThatAppeared() throws Exception {
    snapshot().good();
    Writer.run("create", home, "--db", "outside.db", "--absolute");
    syncNeedsSnapshot("absolute-path", home.toRealPath().resolve("outside.db"));
  }

  @Test
  void absolutePathThatAppearedStopsFailoverToo() throws Exception {
    snapshot().good();
    Writer.run("create", home, "--db", "outside.db", "--absolute");
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(standby, home)
          .refused(
              "failover",
              "absolute-path",
              home.toRealPath().resolve("outside.db"),
              () -> Cli.json("failover", "--standby", standby, how));
    }
    assertThat(Cli.json("status", "--standby", standby).good().path("state").asText())
        .isEqualTo("standby");
  }

  /** Recovery would make it again in that directory, where nobody looks in a flat standby. */
  @Test
  void databaseMadeInADataDirectoryOfAFlatStandby() throws Exception {
    Path parted = work.resolve("parted");
    Writer.init(parted, "--types", "btree", "--config", "add_data_dir data1");
    Path flat = work.resolve("flat");
    Cli.json("snapshot", "--home", parted, "--standby", flat, "--layout", "flat").good();
    Writer.run("create", parted, "--db", "late.db");
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(flat)
          .andSources(parted)
          .snapshotNeeded(
              "sync",
              "unresolved-database",
              "late.db",
              () -> Cli.json("sync", "--standby", flat, how));
    }
    Cli.json("snapshot", "--home", parted, "--standby", flat, "--layout", "flat").good();
    Cli.json("failover", "--standby", flat).good();
    assertThat(Writer.run("count", flat, "--db", "late.db").path("count").asInt(-1))
        .isEqualTo(Writer.run("count", parted, "--db", "late.db").path("count").asInt(-2));
  }

  @Test
  void namesExchangedTooOften() throws Exception {
    Writer.run("create", home, "--db", "one.db");
    Writer.run("create", home, "--db", "other.db");
    snapshot().good();
    for (int i = 0; i < 60; i++) {
      Writer.run("rename", home, "--db", "one.db", "--to", "passing.db");
      Writer.run("rename", home, "--db", "other.db", "--to", "one.db");
      Writer.run("rename", home, "--db", "passing.db", "--to", "other.db");
    }
    syncNeedsSnapshot("unresolved-database", "");
  }

  @Test
  void absoluteDirectoryThatAppeared() throws Exception {
    snapshot().good();
    Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
    Files.writeString(home.resolve("DB_CONFIG"), "add_data_dir " + elsewhere + "\n");
    syncNeedsSnapshot("absolute-path", elsewhere);
  }

  @Test
  void otherSource() throws Exception {
    snapshot().good();
    Path other = work.resolve("other");
    Writer.init(other, "--types", "btree");
    Refusal refusal = Refusal.leaving(standby).andSources(home, other);
    refusal.refused("sync", "other-source", other, () -> sync("--home", other));
    refusal.refused(
        "snapshot",
        "other-source",
        other,
        () -> Cli.json("snapshot", "--home", other, "--standby", standby));
  }

  @Test
  void logGap() throws Exception {
    snapshot().good();
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    assertThat(home.resolve("log.0000000001")).doesNotExist();
    syncNeedsSnapshot("log-gap", home.resolve("log.0000000001"));
    snapshotHelps();
  }

  @Test
  void logGapInTheMiddle() throws Exception {
    snapshot().good();
    Writer.work(home, 600);
    Writer.run("checkpoint", home); // the snapshot that helps needs none of what is gone
    Files.delete(home.resolve("log.0000000003"));
    syncNeedsSnapshot("log-gap", home.resolve("log.0000000003"));
    snapshotHelps();
  }

  @Test
  void allLogFilesGone() throws Exception {
    snapshot().good();
    try (Child application = Writer.idle(home)) {
      for (Path log : logs(home)) {
        Files.delete(log);
      }
      syncNeedsSnapshot("log-gap", home);
      application.kill();
    }
  }

  private static List<Path> logs(Path directory) throws Exception {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith("log.")).toList();
    }
  }

  @Test
  void restoredSourceThatWentOn() throws Exception {
    Path older = work.resolve("older");
    Writer.work(home, 30);
    Tree.copy(home, older);
    Writer.work(home, 60);
    snapshot().good();
    Tree.delete(home);
    Tree.copy(older, home);
    Writer.work(home, 600, "--recover");
    syncNeedsSnapshot("history-diverged", home.resolve("log.000000000"));
    snapshotHelps();
  }

  @Test
  void restoredSourceThatIsBehind() throws Exception {
    Path older = work.resolve("older");
    Tree.copy(home, older);
    Writer.work(home, 600);
    snapshot().good();
    Tree.delete(home);
    Tree.copy(older, home);
    syncNeedsSnapshot("history-diverged", home);
    snapshotHelps();
  }

  /** A new environment at the same place: same names, another history. */
  @Test
  void sourceMadeAnew() throws Exception {
    snapshot().good();
    Tree.delete(home);
    Writer.init(home, "--types", "btree,hash");
    Writer.work(home, 200);
    syncNeedsSnapshot("history-diverged", home);
    snapshotHelps();
  }

  @Test
  void bulkLoadWhileTheHoldWasGone() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    snapshot().good();
    Writer.run("remove-environment", home, "--force");
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
    syncNeedsSnapshot("bulk-load", home);
    snapshotHelps();
  }

  /** A follower has shipped all but the last log file, and applied nothing. */
  private void almostAllWaits() throws Exception {
    StandbyDirectory directory = new StandbyDirectory(standby);
    Path incoming = Files.createDirectories(directory.incoming());
    long first = ManifestFile.ofStandby(directory).recoveredTo().file();
    List<LogFile> logs = LogFile.in(home);
    for (LogFile log : logs.subList(0, logs.size() - 1)) {
      if (log.number() >= first) {
        Files.copy(
            log.path(),
            incoming.resolve(log.path().getFileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void bulkLoadInWhatWaits() throws Exception {
    Writer.run("create", home, "--db", "large.db");
    for (int i = 0; i < 2; i++) {
      Writer.run("put", home, "--db", "large.db", "--key", "k", "--value", "x".repeat(60_000));
    }
    Writer.run("create", home, "--db", "loaded.db");
    snapshot().good();
    Writer.run("remove-environment", home, "--force");
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
    for (int i = 0; i < 5; i++) { // takes pages that were freed: nothing grows
      Writer.run("put", home, "--db", "large.db", "--key", "k", "--value", "y".repeat(40_000));
    }
    almostAllWaits();
    syncNeedsSnapshot("bulk-load", home);
  }

  /** Nothing but its opening names it. */
  @Test
  void absolutePathInWhatWaits() throws Exception {
    Writer.run("create", home, "--db", "one.db");
    snapshot().good();
    Path absolute = home.toRealPath().resolve("one.db");
    Writer.run("put", home, "--db", absolute.toString(), "--key", "k", "--value", "v");
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
    almostAllWaits();
    syncNeedsSnapshot("absolute-path", absolute);
  }

  @Test
  void bulkLoadUnderTheHold() throws Exception {
    Writer.run("create", home, "--db", "loaded.db");
    snapshot().good();
    Writer.run("bulk", home, "--db", "bulk.db", "--records", "2000");
    sync().good();
    Writer.run("bulk-check", standby, "--db", "bulk.db", "--records", "2000");
  }

  @Test
  void regionsMadeAnewWithoutANewPage() throws Exception {
    Writer.run("create", home, "--db", "small.db");
    snapshot().good();
    Writer.run("remove-environment", home, "--force");
    Writer.run("put", home, "--db", "small.db", "--key", "key00001", "--value", "other");
    sync().good();
    // The hold was taken again: bulk loads are logged from here on.
    Writer.run("bulk", home, "--db", "bulk.db", "--records", "2000");
    sync().good();
    Writer.run("bulk-check", standby, "--db", "bulk.db", "--records", "2000");
  }

  @Test
  void noEnvironmentAnyMore() throws Exception {
    snapshot().good();
    Files.move(home, work.resolve("moved"));
    Refusal.leaving(standby).refused("sync", "no-environment", home, this::sync);
  }
}
