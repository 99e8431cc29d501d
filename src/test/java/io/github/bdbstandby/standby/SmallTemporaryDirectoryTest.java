package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories are compared where they lie: no log file need fit into the directory for temporary
 * files.
 */
final class SmallTemporaryDirectoryTest {
  private static final String SIZE = "2m";
  private static final long LEAST_LOG = 3 << 20;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void aLargeLogFileWaits() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree", "--log-size", String.valueOf(64 << 20));
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 6000, "--ack", acknowledged.toString());
    Path log = LogFile.in(home).get(0).path();
    assertThat(Files.size(log)).isGreaterThan(LEAST_LOG);
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    Files.copy(log, incoming.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private Outcome withLittleRoom(Object... words) throws Exception {
    try (Mount small = Mount.tmpfs(work.resolve("small"), SIZE)) {
      return Cli.jsonIn(small.point(), List.of(), words);
    }
  }

  @Test
  void aFailoverJudgesSpoiltLogThatWaits() throws Exception {
    Tree.delete(home);
    Path log = LogFile.in(new StandbyDirectory(standby).incoming()).get(0).path();
    byte[] bytes = Files.readAllBytes(log);
    Arrays.fill(bytes, (int) LEAST_LOG, (int) LEAST_LOG + 64, (byte) 0x55);
    Files.write(log, bytes);
    Outcome judged = withLittleRoom("failover", "--standby", standby);
    assertThat(judged.code()).as("%s", judged).isEqualTo(4);
    assertThat(judged.json().path("message").asText())
        .contains(log + ": was shipped, and is spoilt");
  }

  /** A source that has lost its power has less. */
  @Test
  void aStatusSeesThatTheSourceIsBehind() throws Exception {
    Path log = LogFile.in(home).get(0).path();
    Files.write(log, Arrays.copyOf(Files.readAllBytes(log), (int) LEAST_LOG));
    JsonNode status = withLittleRoom("status", "--standby", standby).good();
    assertThat(status.path("problem").asText())
        .startsWith("history-diverged")
        .contains("ends before what was shipped of it");
  }
}
