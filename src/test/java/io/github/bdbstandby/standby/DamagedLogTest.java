package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log file that the standby's recovery needs is not as the last cycle left it. */
final class DamagedLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path log;

  @BeforeEach
  void aStandbyThatNeedsMoreThanOne() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--log-size", "65536");
    Writer.run("create", home, "--db", "x.db");
    Writer.run("prepare GLOBAL-7", home, "--db", "x.db", "--key", "new", "--value", "v");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 1000);
    Cli.json("sync", "--standby", standby).good();
    JsonNode manifest =
        new ObjectMapper().readTree(standby.resolve(".bdb-standby/manifest.json").toFile());
    long first = manifest.path("firstNeeded").asLong();
    assertThat(manifest.path("recoveredTo").path("file").asLong()).isGreaterThan(first + 1);
    log = standby.resolve(LogFile.nameOf(first));
    Writer.work(home, 100);
  }

  private void damage() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int was = file.read();
      file.seek(file.length() / 2);
      file.write(was ^ 1);
    }
  }

  private void assertNeedsSnapshot(Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(4);
    assertThat(outcome.json().path("reason").asText()).isEqualTo("damaged");
    assertThat(outcome.json().path("message").asText()).contains(standby.toString());
  }

  /** With its time kept, as by a disk, it is the reading that shows it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void syncNeedsSnapshot(boolean sameTime) throws Exception {
    FileTime before = Files.getLastModifiedTime(log);
    damage();
    if (sameTime) {
      Files.setLastModifiedTime(log, before);
    }
    assertNeedsSnapshot(Cli.json("sync", "--standby", standby, "--dry-run"));
    assertNeedsSnapshot(Cli.json("sync", "--standby", standby));
    assertNeedsSnapshot(Cli.json("follow", "--standby", standby, "--on-gap", "stop"));
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Cli.json("sync", "--standby", standby).good();
  }

  @Test
  void followTakesSnapshot() throws Exception {
    damage();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      follower.await();
    }
    Cli.json("verify", "--standby", standby).good();
  }
}
