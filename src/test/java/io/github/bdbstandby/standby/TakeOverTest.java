package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that does not let go of a standby, and several that want it. */
final class TakeOverTest {
  private static final int ROUNDS = 2000;

  @TempDir Path work;

  @Test
  void whoDoesNotLetGoIsNamed() throws Exception {
    Path home = work.resolve("home");
    Path place = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", place).good();
    StandbyDirectory standby = new StandbyDirectory(place);
    try (Child follower = Cli.start("follow", "--standby", place, "--json")) {
      follower.awaitLines("{", 1);
      follower.signal("STOP");
      assertThatThrownBy(() -> TakeOver.lock(standby, Duration.ofSeconds(1)).close())
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.LOCKED);
                assertThat(e.hint())
                    .contains("kill -9 " + follower.pid())
                    .doesNotContain("--take-over");
              });
      assertThat(TakeOver.request(standby)).doesNotExist();
      follower.kill();
    }
    Cli.json("failover", "--standby", place, "--take-over").good();
    Writer.run("check", place);
  }

  @Test
  void whoGivesUpLeavesAloneWhomItAsked() throws Exception {
    Path home = work.resolve("home");
    Path place = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", place).good();
    Path request = TakeOver.request(new StandbyDirectory(place));
    try (Child follower = Cli.start("follow", "--standby", place, "--json")) {
      follower.awaitLines("{", 1);
      follower.signal("STOP"); // it is slow to look
      try (Child failover = Cli.start("failover", "--standby", place, "--take-over")) {
        while (!Files.exists(request)) {
          assertThat(failover.isAlive()).isTrue();
        }
        failover.signal("TERM");
        assertThat(failover.await().code()).isEqualTo(143);
      }
      assertThat(request).doesNotExist();
      follower.signal("CONT");
      Writer.work(home, 20);
      follower.awaitLines("{", 2);
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
  }

  @Test
  void whoIsRefusedAfterwardsIsToldThatTheFollowerHasEnded() throws Exception {
    Path home = work.resolve("home");
    Path place = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", place).good();
    Object[] follow = {"follow", "--standby", place, "--json", "--ship-interval", "1h"};
    try (Child follower = Cli.start(follow)) {
      follower.awaitLines("{", 1);
      Writer.work(home, 400);
      Files.delete(LogFile.in(home).get(1).path());
      JsonNode refusal = Cli.json("failover", "--standby", place, "--take-over").json();
      assertThat(refusal.path("reason").asText()).as("%s", refusal).isEqualTo("log-gap");
      assertThat(refusal.path("message").asText()).contains("has ended for this");
      assertThat(refusal.path("hint").asText()).contains("bdb-standby follow --standby " + place);
      assertThat(follower.await().code()).isZero();
    }
    String alone = Cli.json("failover", "--standby", place, "--take-over").out();
    assertThat(alone).contains("log-gap").doesNotContain("has ended for this");
  }

  @Test
  void whatIsRefusedBeforehandLeavesTheFollowerAtWork() throws Exception {
    Path home = work.resolve("home");
    Path place = work.resolve("standby");
    Environments.init("encrypted", home);
    Path password = Environments.passwordFile(home);
    Path wrong = Files.writeString(work.resolve("wrong"), "close sesame\n");
    Cli.json("snapshot", "--home", home, "--standby", place, "--password-file", password).good();
    Object[] follow = {"follow", "--standby", place, "--password-file", password, "--json"};
    try (Child follower = Cli.start(follow)) {
      follower.awaitLines("{", 1);
      assertRefused("wrong-password", "--standby", place, "--take-over");
      assertRefused("wrong-password", "--standby", place, "--take-over", "--password-file", wrong);
      Path database = place.resolve("accounts-btree-0.db");
      String script = "exec 3<>\"$1\"; echo open; read line";
      ProcessBuilder shell = new ProcessBuilder("sh", "-c", script, "sh", database.toString());
      try (Child stranger = Child.start(shell)) {
        stranger.awaitLine("open");
        for (String how : new String[] {"--dry-run", "-v"}) {
          JsonNode refusal =
              assertRefused(
                  "locked", "--standby", place, "--take-over", how, "--password-file", password);
          assertThat(refusal.path("message").asText()).contains("process " + stranger.pid());
        }
        stranger.send("enough");
        assertThat(stranger.await().code()).isZero();
      }
      assertThat(follower.isAlive()).isTrue();
      Writer.work(home, 20);
      follower.awaitLines("{", 2);
      Cli.json("failover", "--standby", place, "--take-over", "--password-file", password).good();
      assertThat(follower.await().code()).isZero();
    }
    Writer.run("check", place);
  }

  private static JsonNode assertRefused(String reason, Object... words) throws Exception {
    Object[] all = new Object[words.length + 1];
    System.arraycopy(words, 0, all, 1, words.length);
    all[0] = "failover";
    Outcome refused = Cli.json(all);
    assertThat(refused.code()).as("%s", refused).isEqualTo(3);
    assertThat(refused.json().path("reason").asText()).isEqualTo(reason);
    assertThat(refused.json().path("message").asText()).doesNotContain("has ended for this");
    return refused.json();
  }

  @Test
  void whoCanNotTakeItsRequestBackKeepsNoLock() throws Exception {
    StandbyDirectory standby = new StandbyDirectory(work);
    Path stuck = Files.createDirectories(TakeOver.request(standby).resolve("no request"));
    assertThatThrownBy(() -> TakeOver.lock(standby).close()).isInstanceOf(IOException.class);
    Files.delete(stuck);
    StandbyLock.takeForGood(standby).close();
  }

  /** Its thread may have other work to do. */
  @Test
  void whoEndsAllTheSameIsNotInterruptedAfterwards() throws Exception {
    StandbyDirectory standby = new StandbyDirectory(work);
    try (StandbyLock lock = StandbyLock.take(standby)) {
      TakeOver.ask(standby);
      while (!lock.isAskedFor()) {
        Thread.onSpinWait();
      }
    }
    assertThat(Thread.interrupted()).isFalse();
  }

  /** An interrupt that comes later would hit what the thread has turned to. */
  @Test
  void nobodyLooksOnceTheLockIsReleased() throws Exception {
    StandbyDirectory standby = new StandbyDirectory(work);
    for (int i = 0; i < ROUNDS / 10; i++) {
      StandbyLock.take(standby).close();
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().equals("bdb-standby-take-over"));
    }
  }

  @Test
  void manyMayAskAtOnce() throws Exception {
    StandbyDirectory standby = new StandbyDirectory(work);
    Files.createDirectories(standby.marks());
    CyclicBarrier together =
        new CyclicBarrier(
            2, () -> assertThat(TakeOver.request(standby).toFile().delete()).isTrue());
    Files.createFile(TakeOver.request(standby));
    Callable<Void> asker =
        () -> {
          try {
            for (int i = 0; i < ROUNDS; i++) {
              together.await();
              TakeOver.ask(standby);
            }
          } finally {
            together.reset(); // the other must not wait for one that has failed
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Void> one = threads.submit(asker);
      Future<Void> other = threads.submit(asker);
      one.get();
      other.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(TakeOver.request(standby)).exists();
  }
}
