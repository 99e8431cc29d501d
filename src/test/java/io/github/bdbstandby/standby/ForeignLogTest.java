package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that opens its environment privately, beside the regions of an earlier run. */
final class ForeignLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void regions() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--log-size", "4194304");
    Writer.run("create", home, "--db", "loaded.db");
  }

  private Outcome snapshot() throws Exception {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  private Outcome sync() throws Exception {
    return Cli.json("sync", "--standby", standby);
  }

  private Refusal refusal() throws Exception {
    return Refusal.leaving(standby).andSources(home);
  }

  @Test
  void noSnapshotIsTakenOfIt() throws Exception {
    Path log = home.resolve("log.0000000001");
    try (Child application = Writer.idle(home, "--private")) {
      refusal().refused("snapshot", "private-environment", log, this::snapshot);
      assertThat(application.isAlive()).isTrue();
    }
    refusal().refused("snapshot", "private-environment", log, this::snapshot);
    Writer.work(home, 5, "--recover");
    snapshot().good();
  }

  /** libdb makes a log file at its full size before it puts a record there. */
  @Test
  void aFileWithoutARecordIsNoLog() throws Exception {
    snapshot().good();
    Files.write(home.resolve("log.0000000002"), new byte[4 << 20]);
    sync().good();
  }

  /** Who commits meanwhile puts records behind the end that was asked for. */
  @Test
  void norIsThatOfWhoIsAtWork() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--threads", "4")) {
      snapshot().good();
      for (int i = 0; i < 10; i++) {
        sync().good();
      }
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** The hold on bulk loading stands where the application does not look. */
  @Test
  void norIsALoadInBulkTakenForLogged() throws Exception {
    snapshot().good();
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000", "--private");
    refusal().refused("sync", "private-environment", home.resolve("log.0000000001"), this::sync);
    Writer.work(home, 5, "--recover");
    refusal().snapshotNeeded("sync", "bulk-load", home, this::sync);
    snapshot().good();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("bulk-check", standby, "--db", "loaded.db", "--records", "2000");
  }

  @Test
  void norIsItFollowed() throws Exception {
    snapshot().good();
    try (Child follow =
        Cli.start("follow", "--standby", standby, "--interval", "100ms", "--json")) {
      follow.awaitLines("{", 1);
      Writer.work(home, 50, "--private");
      await(() -> lastReason().equals("private-environment"));
      Writer.work(home, 50, "--recover");
      follow.awaitLines("{", follow.awaitLines("{", 1).size() + 1);
    }
    assertThat(Cli.json("failover", "--standby", standby).good().has("losses")).isFalse();
  }

  private String lastReason() throws Exception {
    return Cli.json("status", "--standby", standby)
        .good()
        .path("lastError")
        .path("reason")
        .asText();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in five minutes").isLessThan(end);
      Busy.pause(100);
    }
  }
}
