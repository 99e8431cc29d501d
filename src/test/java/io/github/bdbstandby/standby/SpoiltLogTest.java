package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Log that waits beside a standby and ends in half a record, of which the source has made another
 * one. The commits before that are nowhere else once the source is lost.
 */
final class SpoiltLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;
  private LogFile waiting;

  @BeforeEach
  void halfARecordWaitsBehindCommits() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 30, "--checkpoint-ms", "0", "--ack", acknowledged.toString());
    LogFile shipped = last(home);
    Path copy = new StandbyDirectory(standby).incoming().resolve(shipped.path().getFileName());
    Files.createDirectories(copy.getParent());
    Files.copy(shipped.path(), copy, StandardCopyOption.REPLACE_EXISTING);
    waiting = new LogFile(shipped.number(), copy);
    Writer.work(home, 900, "--checkpoint-ms", "0");
    tear(shipped.path());
  }

  private static LogFile last(Path directory) throws IOException {
    List<LogFile> logs = LogFile.in(directory);
    return logs.get(logs.size() - 1);
  }

  private void tear(Path longer) throws IOException {
    long end = LogEnd.of(waiting, 0).offset();
    ByteBuffer torn = ByteBuffer.allocate(16);
    try (FileChannel from = FileChannel.open(longer);
        FileChannel to = FileChannel.open(waiting.path(), StandardOpenOption.WRITE)) {
      from.read(torn, end);
      to.write(torn.flip(), end);
      to.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), end + torn.limit());
    }
  }

  private void isPromotedWithAll() throws Exception {
    Cli.json("failover", "--standby", standby); // it may be promoted
    assertThat(
            Writer.run("check", standby, "--ack", acknowledged.toString())
                .path("lostAcks")
                .asLong(-1))
        .isZero();
  }

  /** Killed when it first removes a log file that waits, if it does. */
  @ParameterizedTest
  @ValueSource(strings = {"sync", "follow", "failover"})
  void isThereUntilItIsMended(String command) throws Exception {
    Map<String, String> faults =
        Operation.struck(standby, "unlink standby/incoming/log#1", "kill-after");
    try (Child child =
        Cli.start(faults, work, command, "--standby", standby.toString(), "--json")) {
      while (child.isAlive() && !child.hasSaid("{")) {
        Thread.onSpinWait();
      }
      if (command.equals("follow")) {
        child.kill();
      } else {
        child.await();
      }
    }
    Tree.delete(home);
    isPromotedWithAll();
  }

  /** What was mended of it is refused for the sake of what comes later. */
  @ParameterizedTest
  @ValueSource(strings = {"sync", "failover"})
  void isThereAfterARefusal(String command) throws Exception {
    List<LogFile> logs = LogFile.in(home);
    Path bad = logs.get(logs.size() - 2).path();
    assertThat(bad.getFileName()).isNotEqualTo(waiting.path().getFileName());
    cutAfterARecord(bad);
    assertThat(Cli.json(command, "--standby", standby).code()).isEqualTo(4);
    Tree.delete(home);
    isPromotedWithAll();
  }

  /** The same of log with more behind it: no commit came to it by being mended. */
  @ParameterizedTest
  @ValueSource(strings = {"sync", "failover"})
  void isWholeAfterARefusal(String command) throws Exception {
    List<LogFile> logs = LogFile.in(home);
    Path bad = logs.get(logs.size() - 2).path();
    for (LogFile log : logs.subList(0, logs.size() - 3)) {
      if (log.number() >= waiting.number()) {
        Path copy = waiting.path().resolveSibling(log.path().getFileName());
        Files.copy(log.path(), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    LogFile next = beside(waiting.number() + 1);
    Lsn end = LogEnd.of(next, 0);
    truncate(next.path(), end.offset() / 2);
    cutAfterARecord(bad);
    assertThat(Cli.json(command, "--standby", standby).code()).isEqualTo(4);
    assertThat(LogEnd.of(next, 0)).isEqualTo(end);
    Tree.delete(home);
    Cli.json("failover", "--standby", standby).good();
    isPromotedWithAll();
  }

  private LogFile beside(long number) {
    return new LogFile(number, waiting.path().resolveSibling(LogFile.nameOf(number)));
  }

  private static void cutAfterARecord(Path log) throws IOException {
    truncate(log, Files.size(log) / 2);
    truncate(log, LogEnd.of(new LogFile(1, log), 0).offset());
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
      bytes.truncate(size);
    }
  }

  /** A log file that begins with a half record, and of which the source has no more than a name. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatNobodyHasWrittenGoes(boolean isNamed) throws Exception {
    long next = last(home).number() + 1;
    Path blank = waiting.path().resolveSibling(LogFile.nameOf(next));
    for (LogFile log : LogFile.in(home)) {
      if (log.number() > waiting.number()) {
        Files.copy(log.path(), waiting.path().resolveSibling(log.path().getFileName()));
      }
    }
    Files.write(blank, new byte[1 << 10]);
    if (isNamed) {
      Files.createFile(home.resolve(LogFile.nameOf(next)));
    }
    Cli.json("sync", "--standby", standby).good();
    assertThat(blank).doesNotExist();
    Cli.json("sync", "--standby", standby).good();
    isPromotedWithAll();
  }
}
