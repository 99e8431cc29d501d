package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Log files that a follower has shipped and not applied when it ended, and a source that has since
 * removed some of its own.
 */
final class WaitingLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;
  private List<LogFile> logs;

  @BeforeEach
  void aSourceThatWentOn() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 900, "--ack", acknowledged.toString());
    Writer.run("checkpoint", home);
    logs = LogFile.in(home);
    assertThat(logs).hasSizeGreaterThan(4);
  }

  private Path waiting(int index) {
    return new StandbyDirectory(standby).incoming().resolve(logs.get(index).path().getFileName());
  }

  /** The first so many wait, complete. */
  private void ship(int files) throws IOException {
    Files.createDirectories(waiting(0).getParent());
    for (int i = 0; i < files; i++) {
      Files.copy(logs.get(i).path(), waiting(i), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void shorten(int index) throws IOException {
    try (FileChannel log = FileChannel.open(waiting(index), StandardOpenOption.WRITE)) {
      log.truncate(LogEnd.of(logs.get(index), 0).offset() / 2);
    }
  }

  private void removeAtSource(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Files.delete(logs.get(i).path());
    }
  }

  private Outcome run(String command, Object... more) throws IOException {
    Object[] words = new Object[more.length + 3];
    System.arraycopy(new Object[] {command, "--standby", standby}, 0, words, 0, 3);
    System.arraycopy(more, 0, words, 3, more.length);
    return Cli.json(words);
  }

  private void refusedForTheGapAt(int index) throws Exception {
    for (String command : List.of("sync", "failover")) {
      for (String how : List.of("--dry-run", "-v")) {
        Refusal.leaving(standby)
            .andSources(home)
            .snapshotNeeded(command, "log-gap", logs.get(index).path(), () -> run(command, how));
      }
    }
  }

  private void failoverIsPlanned() throws Exception {
    Map<String, String> held = Tree.of(standby);
    run("failover", "--dry-run").good();
    assertThat(Tree.of(standby)).isEqualTo(held);
  }

  private void allIsThere() throws Exception {
    assertThat(
            Writer.run("check", standby, "--ack", acknowledged.toString())
                .path("lostAcks")
                .asLong(-1))
        .isZero();
  }

  @Test
  void allThatIsGoneWaits() throws Exception {
    ship(3);
    removeAtSource(3);
    run("sync", "--dry-run").good();
    run("sync").good();
    allIsThere();
  }

  @Test
  void aFailoverTakesWhatWaits() throws Exception {
    ship(3);
    removeAtSource(3);
    failoverIsPlanned();
    run("failover").good();
    allIsThere();
  }

  @Test
  void theLastOneThatWaitsIsShort() throws Exception {
    ship(3);
    shorten(2);
    removeAtSource(3);
    refusedForTheGapAt(2);
  }

  @Test
  void oneInTheMiddleIsShort() throws Exception {
    ship(3);
    shorten(1);
    removeAtSource(2);
    refusedForTheGapAt(1);
  }

  /** The one that waits is complete, but another source's file follows. */
  @Test
  void whatFollowsPointsElsewhere() throws Exception {
    ship(2);
    removeAtSource(2);
    Files.copy(logs.get(3).path(), logs.get(2).path(), StandardCopyOption.REPLACE_EXISTING);
    refusedForTheGapAt(1);
  }

  @Test
  void whatIsShortIsCompletedFromTheSource() throws Exception {
    ship(4);
    shorten(1);
    run("sync").good();
    allIsThere();
  }

  @Test
  void whatIsShortIsCompletedByAFailover() throws Exception {
    ship(4);
    shorten(1);
    failoverIsPlanned();
    run("failover").good();
    allIsThere();
  }
}
