package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standby that keeps step, with a real application that is killed, restarted and stopped dead.
 */
final class FollowTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--accounts", "500");
  }

  private Child application(String... more) throws Exception {
    String[] options = {"--seconds", "0", "--rate", "500", "--sync", "--checkpoint-ms", "200"};
    String[] all = new String[options.length + more.length];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return Writer.start(home, all);
  }

  /** What the new primary has, by the application's own books. */
  private JsonNode promote() throws Exception {
    Cli.json("failover", "--standby", standby).good();
    return Writer.run("check", standby, "--ack", acknowledged.toString());
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    try (Child application = application("--ack", acknowledged.toString(), "--long-ms", "500")) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
        for (String line : follower.awaitLines("{", 4)) {
          JsonNode json = new ObjectMapper().readTree(line);
          assertThat(json.path("command").asText()).isEqualTo("follow");
          assertThat(json.path("outcome").asText()).isEqualTo("ok");
        }
        application.kill();
        follower.signal("TERM");
        assertThat(follower.await().code()).isEqualTo(143);
      }
    }
    assertThat(promote().path("lostAcks").asLong()).isZero();
  }

  /** What was shipped but not applied counts, with the source's disk gone. */
  @Test
  void whatWasShippedIsApplied() throws Exception {
    try (Child application = application()) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      try (Child follower =
          Cli.start("follow", "--standby", standby, "--json", "--interval", "1h")) {
        follower.awaitLine("{"); // the first cycle; the next one is an hour away
        String before =
            Cli.json("status", "--standby", standby).good().path("recoveredTo").toString();
        application.stop();
        awaitShipped(follower);
        follower.kill();
        Files.move(home, work.resolve("gone"));
        JsonNode promoted = Cli.json("failover", "--standby", standby).good();
        assertThat(promoted.path("recoveredTo").toString()).isNotEqualTo(before);
      }
    }
    long there = Writer.run("check", standby).path("journal").asLong();
    assertThat(there).isEqualTo(Writer.run("check", work.resolve("gone")).path("journal").asLong());
  }

  /**
   * Waits until the copy beside the standby has all records that the source's last log file has.
   */
  private void awaitShipped(Child follower) throws Exception {
    LogFile last = LogFile.in(home).stream().reduce((a, b) -> b).orElseThrow();
    Path copy = standby.resolve(".bdb-standby/incoming").resolve(last.path().getFileName());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (System.nanoTime() < end) {
      if (Files.exists(copy)) {
        byte[] theirs = Files.readAllBytes(last.path());
        byte[] ours = Files.readAllBytes(copy);
        int used = theirs.length;
        while (used > 0 && theirs[used - 1] == 0) {
          used--;
        }
        if (ours.length >= used && java.util.Arrays.equals(theirs, 0, used, ours, 0, used)) {
          return;
        }
      }
      assertThat(follower.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    throw new AssertionError(copy + ": not shipped");
  }

  @Test
  void aSourceThatRestartsIsJoinedAnew() throws Exception {
    try (Child application = application()) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
        follower.awaitLine("{");
        application.kill();
        try (Child again =
            application("--recover", "--thread-base", "10", "--ack", acknowledged.toString())) {
          int cycles = follower.awaitLines("{", 1).size();
          follower.awaitLines("{", cycles + 3);
          again.kill();
          follower.signal("INT");
          assertThat(follower.await().code()).isEqualTo(130);
        }
      }
    }
    assertThat(promote().path("lostAcks").asLong()).isZero();
  }

  @Test
  void aGapStopsItIfItMust() throws Exception {
    Writer.work(home, 500);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 3000);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    var before = Tree.of(standby);
    Outcome stopped = Cli.json("follow", "--standby", standby, "--on-gap", "stop");
    assertThat(stopped.code()).isEqualTo(4);
    assertThat(stopped.json().path("reason").asText()).isEqualTo("log-gap");
    assertThat(Tree.of(standby)).isEqualTo(before);
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      assertThat(follower.awaitLine("{")).contains("copy-databases");
      follower.stop(); // killed it might keep a lock of the regions
    }
    Cli.json("sync", "--standby", standby).good();
  }

  /** A process stopped with a lock of the regions held is as good as dead to who joins. */
  @Test
  void aSourceThatDoesNotAnswerIsToldAndFailedOver() throws Exception {
    try (Child application = application()) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      SourceRequest impatient =
          new SourceRequest(home, EnvironmentOptions.defaults(), Duration.ofSeconds(1), false);
      try (Child holding = Writer.holdingLock(home)) {
        holding.signal("STOP");
        assertThatExceptionOfType(StandbyException.class)
            .isThrownBy(
                () -> Standby.at(standby).sync(SyncOptions.of(impatient), StandbyListener.NONE))
            .matches(stuck -> stuck.reason() == Reason.SOURCE_STUCK);
        Cli.json("failover", "--standby", standby).good();
        assertThat(application.isAlive()).isTrue();
      }
      assertThat(Writer.run("check", standby).path("ok").asBoolean()).isTrue();
    }
  }

  @Test
  void anIntervalOfNothingIsNone() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> FollowOptions.builder().interval(Duration.ZERO).build());
  }
}
