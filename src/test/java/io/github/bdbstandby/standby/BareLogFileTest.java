package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A last log file that has nothing but its header, and before it a transaction that was splitting a
 * page: what recovery logs as it undoes that goes into the file before.
 */
final class BareLogFileTest {
  private static final int HEADER = 28;

  /** A page's image: what did not fit into the file before, and leaves room there. */
  private static final int LONG_RECORD = 4096;

  private static final int RUNS = 50;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path all;
  private LogFile bare;

  @BeforeEach
  void aSourceThatStoppedThere() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    all = work.resolve("all");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    List<LogFile> logs = List.of();
    int found = -1;
    for (int run = 0; found < 0; run++) {
      assertThat(run).isLessThan(RUNS);
      int before = logs.size();
      Writer.work(home, 1000);
      logs = LogFile.in(home);
      found = splitAcross(logs, Math.max(1, before));
    }
    bare = logs.get(found);
    Files.createDirectory(all);
    for (LogFile log : logs.subList(found, logs.size())) {
      Files.copy(log.path(), all.resolve(log.path().getFileName()));
      if (log.number() > bare.number()) {
        Files.delete(log.path());
      }
    }
    try (FileChannel log = FileChannel.open(bare.path(), StandardOpenOption.WRITE)) {
      log.truncate(HEADER);
    }
  }

  /** The first, from one on, that begins with a long record, and is not the last; or -1. */
  private static int splitAcross(List<LogFile> logs, int from) throws IOException {
    for (int i = from; i + 1 < logs.size(); i++) {
      if (firstLength(logs.get(i)) > LONG_RECORD) {
        return i;
      }
    }
    return -1;
  }

  private static int firstLength(LogFile log) throws IOException {
    try (FileChannel in = FileChannel.open(log.path())) {
      ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
      assertThat(in.read(header, HEADER)).isEqualTo(8);
      return header.getInt(4);
    }
  }

  @Test
  void isFollowed() throws Exception {
    JsonNode synced = Cli.json("sync", "--standby", standby, "--passive").good();
    assertThat(synced.path("recoveredTo").path("file").asLong()).isEqualTo(bare.number() - 1);
    Cli.json("verify", "--standby", standby).good();
    // What the source goes on with takes the place of what recovery has logged there.
    for (LogFile log : LogFile.in(all)) {
      Files.copy(
          log.path(), home.resolve(log.path().getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    Cli.json("sync", "--standby", standby, "--passive").good();
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }

  @Test
  void isFailedOver() throws Exception {
    long before = Writer.run("check", standby).path("journal").asLong();
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    for (LogFile log : LogFile.in(home)) {
      Files.copy(
          log.path(),
          incoming.resolve(log.path().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Tree.delete(home);
    JsonNode promoted = Cli.json("failover", "--standby", standby).good();
    assertThat(promoted.path("recoveredTo").path("file").asLong()).isEqualTo(bare.number() - 1);
    assertThat(Writer.run("check", standby).path("journal").asLong()).isGreaterThan(before);
  }
}
