package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source whose machine lost its power, and that has come back with less log than was shipped. */
final class LostTailTest {
  /** Of a record's bytes, so many that its header says how long it would have been. */
  private static final int TORN = 16;

  /** More than the records that recovery writes, and those of some commits. */
  private static final long ROOM = 1024;

  /** Of a record that takes several pages, each of them logged by itself. */
  private static final int LARGE = 20_000;

  /** In which a follower that waits looks more than once. */
  private static final long LOOKS_MILLIS = 2500;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;
  private Path older;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    older = work.resolve("older");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private void shippedMore(int commits) throws Exception {
    shippedMore(() -> work(commits, "--ack", acknowledged.toString()));
  }

  /** Something that the application does. */
  @FunctionalInterface
  private interface Doing {
    void go() throws Exception;
  }

  /** A follower has shipped what the source will have lost, and has not applied it. */
  private void shippedMore(Doing more) throws Exception {
    Object[] follow = {"follow", "--standby", standby, "--json", "--interval", "1h"};
    try (Child follower = Cli.start(follow)) {
      follower.awaitLines("{", 1);
      work(30, "--ack", acknowledged.toString());
      Tree.copy(home, older);
      more.go();
      awaitShipped(follower);
      follower.kill();
    }
  }

  private void awaitShipped(Child follower) throws Exception {
    long unshipped = -1;
    while (unshipped != 0) {
      assertThat(follower.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
      JsonNode status = Cli.json("status", "--standby", standby).good();
      unshipped = status.path("unshippedBytes").asLong(-1);
    }
  }

  /** Without checkpoints, so that what the log has lost no database has. */
  private void work(int commits, String... more) throws Exception {
    String[] all = new String[more.length + 2];
    System.arraycopy(new String[] {"--checkpoint-ms", "0"}, 0, all, 0, 2);
    System.arraycopy(more, 0, all, 2, more.length);
    Writer.work(home, commits, all);
  }

  private void loseTail() throws IOException {
    Tree.delete(home);
    Tree.copy(older, home);
  }

  private static LogFile last(Path directory) throws IOException {
    List<LogFile> logs = LogFile.in(directory);
    return logs.get(logs.size() - 1);
  }

  /** The first record lost has not all been lost. */
  private void tear(LogFile shorter, Path longer) throws IOException {
    long end = LogEnd.of(shorter, 0).offset();
    ByteBuffer torn = ByteBuffer.allocate(TORN);
    try (FileChannel from = FileChannel.open(longer);
        FileChannel to = FileChannel.open(shorter.path(), StandardOpenOption.WRITE)) {
      assertThat(from.read(torn, end)).isEqualTo(TORN);
      to.write(torn.flip(), end);
    }
    assertThat(LogEnd.of(shorter, 0).offset()).isGreaterThan(end);
  }

  private Path waiting(LogFile log) {
    return new StandbyDirectory(standby).incoming().resolve(log.path().getFileName());
  }

  private Outcome failover(Object... more) throws Exception {
    Object[] all = new Object[more.length + 3];
    System.arraycopy(new Object[] {"failover", "--standby", standby}, 0, all, 0, 3);
    System.arraycopy(more, 0, all, 3, more.length);
    return Cli.json(all);
  }

  private void allIsThere() throws Exception {
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong(-1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 600})
  void aFailoverKeepsWhatWasShipped(int commits) throws Exception {
    shippedMore(commits);
    loseTail();
    JsonNode promoted = failover().good();
    assertThat(promoted.has("losses")).isFalse();
    assertThat(promoted.path("notes").toString()).contains("no more than the standby");
    allIsThere();
  }

  @Test
  void alsoWhereARecordIsTorn() throws Exception {
    shippedMore(20);
    loseTail();
    tear(last(home), waiting(last(home)));
    assertThat(failover().good().has("losses")).isFalse();
    allIsThere();
  }

  /** It has been started again, and has written other records where it had lost some. */
  private void restarted() throws Exception {
    shippedMore(600);
    loseTail();
    work(40, "--recover");
  }

  @Test
  void aFailoverFromOneThatWentOnIsRefused() throws Exception {
    restarted();
    long parting = LogEnd.of(last(older), 0).offset();
    Path parted = home.resolve(last(older).path().getFileName());
    for (String how : List.of("--dry-run", "-v")) {
      JsonNode refusal =
          Refusal.leaving(standby)
              .andSources(home)
              .snapshotNeeded("failover", "history-diverged", parted, () -> failover(how));
      assertThat(refusal.path("message").asText()).contains("from " + last(older).number() + "/");
    }
    JsonNode promoted = failover("--accept-loss").good();
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("history-diverged");
    assertThat(loss.path("from").path("offset").asLong()).isEqualTo(parting);
    assertThat(promoted.path("notes").toString()).contains("nothing salvaged", parted.toString());
    allIsThere();
  }

  @Test
  void aSyncOfOneThatWentOnIsRefused() throws Exception {
    restarted();
    Path parted = home.resolve(last(older).path().getFileName());
    for (String how : List.of("--dry-run", "--passive", "-v")) {
      Refusal.leaving(standby)
          .andSources(home)
          .snapshotNeeded(
              "sync",
              "history-diverged",
              parted,
              () -> Cli.json("sync", "--standby", standby, how));
    }
    assertThat(Cli.json("status", "--standby", standby).good().path("problem").asText())
        .contains("history-diverged");
  }

  @Test
  void aFollowerOfOneThatWentOnTakesASnapshotOrEnds() throws Exception {
    restarted();
    Object[] stop = {"follow", "--standby", standby, "--json", "--on-gap", "stop"};
    try (Child follower = Cli.start(stop)) {
      Child.Ended ended = follower.await();
      assertThat(ended.code()).isEqualTo(4);
      assertThat(ended.err()).contains("history-diverged");
    }
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      follower.await();
    }
    failover().good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** Its last log files are gone as a whole, and it goes on in the one before. */
  @Test
  void alsoWhereItGoesOnInAFileThatHadBeenFull() throws Exception {
    Writer.run("create", home, "--db", "large.db");
    shippedMore(this::workUntilAFullOneHasRoom);
    LogFile full = roomiest(LogFile.in(new StandbyDirectory(standby).incoming()));
    long parting = LogEnd.of(full, 0).offset();
    for (LogFile log : LogFile.in(home)) {
      if (log.number() <= full.number()) {
        Path place = older.resolve(log.path().getFileName());
        Files.copy(log.path(), place, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    loseTail();
    work(40, "--recover");
    Path parted = home.resolve(full.path().getFileName());
    assertThat(LogEnd.of(new LogFile(full.number(), parted), 0).offset()).isGreaterThan(parting);
    Refusal.leaving(standby)
        .andSources(home)
        .snapshotNeeded("failover", "history-diverged", parted, this::failover);
    failover("--accept-loss").good();
    allIsThere();
  }

  /** How much that is depends on which record had no room there any more. */
  private void workUntilAFullOneHasRoom() throws Exception {
    do {
      String value = "x".repeat(LARGE);
      Writer.run("put", home, "--db", "large.db", "--key", "k", "--value", value);
      work(40, "--ack", acknowledged.toString());
    } while (last(home).number() <= last(older).number()
        || room(roomiest(LogFile.in(home))) < ROOM);
  }

  /**
   * Of those that are full, and had records that were lost, the one with the most room behind them.
   */
  private LogFile roomiest(List<LogFile> logs) throws IOException {
    long first = last(older).number();
    LogFile roomiest = null;
    for (LogFile log : logs.subList(0, logs.size() - 1)) {
      if (log.number() >= first && (roomiest == null || room(log) > room(roomiest))) {
        roomiest = log;
      }
    }
    return roomiest;
  }

  private static long room(LogFile log) throws IOException {
    return log.size() - LogEnd.of(log, 0).offset();
  }

  /** It had been extended to its full size, and nothing was written in it yet. */
  @Test
  void aNextFileThatWasLostWithNothingInItIsNotMissed() throws Exception {
    work(30, "--ack", acknowledged.toString());
    LogFile log = last(home);
    Path next = home.resolve(LogFile.nameOf(log.number() + 1));
    Files.write(next, new byte[1 << 16]);
    Cli.json("sync", "--standby", standby, "--passive").good();
    assertThat(Files.size(waiting(log))).isEqualTo(log.size());
    Files.delete(next);
    try (Child follower = Cli.start("follow", "--standby", standby, "--json", "--passive")) {
      follower.awaitLines("{", 1);
      work(30, "--ack", acknowledged.toString());
      follower.awaitLines("{", 2);
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
    failover().good();
    allIsThere();
  }

  /** A file of what was shipped is gone, too: what comes behind it can't be used, but looked at. */
  @Test
  void whatNothingLeadsToAnyMoreIsKeptWithTheStandby() throws Exception {
    shippedMore(1800);
    LogFile log = last(older);
    Files.copy(
        home.resolve(log.path().getFileName()), log.path(), StandardCopyOption.REPLACE_EXISTING);
    loseTail();
    Path incoming = new StandbyDirectory(standby).incoming();
    Files.delete(incoming.resolve(LogFile.nameOf(log.number() + 1)));
    Path behind = incoming.resolve(LogFile.nameOf(log.number() + 2));
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(standby)
          .andSources(home)
          .snapshotNeeded(
              "sync",
              "history-diverged",
              behind,
              () -> Cli.json("sync", "--standby", standby, "--passive", how));
    }
    try (Child follower = Cli.start("follow", "--standby", standby, "--json", "--passive")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      follower.await();
    }
    StandbyDirectory kept = ReplacedStandby.in(new StandbyDirectory(standby)).get(0);
    assertThat(kept.incoming().resolve(behind.getFileName())).exists();
  }

  /** Before it is started again: a new snapshot would throw away what it has lost. */
  @Test
  void aSyncOfOneThatHasLessIsRefused() throws Exception {
    shippedMore(600);
    loseTail();
    for (String how : List.of("--passive", "-v")) {
      Refusal.leaving(standby)
          .andSources(home)
          .snapshotNeeded(
              "sync",
              "history-diverged",
              home.resolve(last(home).path().getFileName()),
              () -> Cli.json("sync", "--standby", standby, how));
    }
    failover().good();
    allIsThere();
  }

  private void loseLastRecord(LogFile log) throws IOException {
    long last =
        Run.of("db5.3_printlog", "-h", home.toString())
            .good()
            .out()
            .lines()
            .map(Pattern.compile("\\[(\\d+)\\]\\[(\\d+)\\]__.*")::matcher)
            .filter(record -> record.matches() && record.group(1).equals("" + log.number()))
            .mapToLong(record -> Long.parseLong(record.group(2)))
            .max()
            .orElseThrow();
    try (FileChannel bytes = FileChannel.open(log.path(), StandardOpenOption.WRITE)) {
      bytes.write(ByteBuffer.allocate((int) (log.size() - last)), last);
    }
  }

  /** What is mended by a source that has less is mended only where it is spoilt. */
  @ParameterizedTest
  @ValueSource(strings = {"sync", "follow", "failover"})
  void nothingIsCutWhereAnEarlierFileThatWaitsIsSpoilt(String command) throws Exception {
    shippedMore(
        () -> {
          long first = last(home).number();
          while (last(home).number() < first + 2) {
            work(30, "--ack", acknowledged.toString());
          }
          Tree.delete(older);
          Tree.copy(home, older);
          work(15, "--ack", acknowledged.toString());
        });
    assertThat(last(home).number()).isEqualTo(last(older).number());
    loseTail();
    LogFile spoilt = LogFile.in(new StandbyDirectory(standby).incoming()).get(1);
    assertThat(spoilt.number()).isLessThan(last(home).number());
    loseLastRecord(spoilt);
    if (command.equals("sync")) {
      Outcome sync = Cli.json("sync", "--standby", standby);
      assertThat(sync.json().path("reason").asText()).as("%s", sync).isEqualTo("history-diverged");
    } else if (command.equals("follow")) {
      try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
        follower.awaitError("source-away");
        follower.kill();
      }
    }
    if (!command.equals("failover")) {
      Tree.delete(home);
    }
    failover().good();
    allIsThere();
  }

  @Test
  void aFollowerWaitsForOneThatHasLess() throws Exception {
    shippedMore(600);
    loseTail();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json", "--passive")) {
      follower.awaitError("source-away");
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
      assertThat(follower.await().err()).contains("history-diverged");
    }
    failover().good();
    allIsThere();
  }

  /** Each look finds the same: that is no news. */
  @Test
  void aFollowerTellsOnceThatItWaits() throws Exception {
    shippedMore(600);
    loseTail();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json", "--passive")) {
      follower.awaitError("source-away");
      TimeUnit.MILLISECONDS.sleep(LOOKS_MILLIS);
      work(40, "--recover");
      follower.awaitError("snapshot-taken");
      follower.awaitLines("{", 1);
      follower.signal("TERM");
      String said = follower.await().err();
      assertThat(said.lines().filter(line -> line.contains("source-away"))).hasSize(1);
    }
  }

  /** As on another machine, whose files it reads. */
  @Test
  void aFollowerThatRunsOnTakesNothingBack() throws Exception {
    Object[] follow = {"follow", "--standby", standby, "--json", "--passive", "--interval", "1h"};
    try (Child follower = Cli.start(follow)) {
      follower.awaitLines("{", 1);
      work(30, "--ack", acknowledged.toString());
      LogFile last = last(home);
      long end = LogEnd.of(last, 0).offset();
      work(20, "--ack", acknowledged.toString());
      awaitShipped(follower);
      assertThat(last(home).number()).isEqualTo(last.number());
      try (FileChannel log = FileChannel.open(last.path(), StandardOpenOption.WRITE)) {
        log.truncate(end);
      }
      follower.awaitError("source-away");
      follower.signal("TERM");
      follower.await();
    }
    failover().good();
    allIsThere();
  }

  /** Half a record is what a crash leaves: who recovers writes another in its place. */
  @Test
  void halfARecordThatWasShippedIsNoHistory() throws Exception {
    work(30, "--ack", acknowledged.toString());
    LogFile shipped = last(home);
    Path waiting = waiting(shipped);
    Files.createDirectories(waiting.getParent());
    Path before = work.resolve(shipped.path().getFileName());
    Files.copy(shipped.path(), before);
    work(5, "--ack", acknowledged.toString());
    Files.copy(before, waiting);
    tear(new LogFile(shipped.number(), waiting), shipped.path());
    try (FileChannel other = FileChannel.open(waiting, StandardOpenOption.WRITE)) {
      long end = LogEnd.of(new LogFile(shipped.number(), before), 0).offset();
      other.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), end + TORN); // another one's body
    }
    Cli.json("sync", "--standby", standby).good();
    failover().good();
    allIsThere();
  }
}
