package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log that waits for an archive is told of until that has it, whatever becomes of the archive. */
final class UnarchivedLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path archive;
  private Path away;
  private Path unarchived;

  /** Why a log file can't be read. */
  enum Obstacle {
    /** This user may not. */
    RIGHTS("no-access", "permission denied") {
      @Override
      void put(Path file) throws Exception {
        Files.setPosixFilePermissions(file, Set.of());
      }
    },
    /** The system has an error, and does not name the file. */
    READING("io-error", "Is a directory") {
      @Override
      void put(Path file) throws Exception {
        Files.delete(file);
        Files.createDirectory(file);
      }
    };

    private final String reason;
    private final String told;

    Obstacle(String reason, String told) {
      this.reason = reason;
      this.told = told;
    }

    abstract void put(Path file) throws Exception;
  }

  /** The first sync's have been archived already, as the source's. */
  @BeforeEach
  void someWaits() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    archive = work.resolve("archive");
    away = work.resolve("away");
    unarchived = standby.resolve(".bdb-standby").resolve("unarchived");
    Writer.init(home, "--types", "btree");
    Cli.json(Words.archiving(home, standby, archive)).good();
    write();
    Cli.json("sync", "--standby", standby).good();
    Files.move(archive, away);
    for (int i = 0; i < 2; i++) {
      write();
      assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(1);
    }
    assertThat(away.resolve(last().getFileName())).doesNotExist();
  }

  private void write() throws Exception {
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
  }

  private Path last() throws Exception {
    List<LogFile> waiting = LogFile.in(unarchived);
    return waiting.get(waiting.size() - 1).path();
  }

  private JsonNode status() throws Exception {
    return Cli.json("status", "--standby", standby).good();
  }

  private JsonNode endArchiving() throws Exception {
    return Cli.json("snapshot", "--home", home, "--standby", standby, "--procedure", "copy").good();
  }

  private void assertAllIsArchivedUpTo(Path last) throws Exception {
    assertThat(unarchived).doesNotExist();
    long number = LogFile.numberOf(last.getFileName().toString()).orElseThrow();
    assertThat(LogFile.in(archive).stream().map(LogFile::number))
        .containsAll(LongStream.rangeClosed(1, number).boxed().toList());
  }

  @Test
  void statusTellsOfIt() throws Exception {
    long bytes = 0;
    for (LogFile log : LogFile.in(unarchived)) {
      bytes += log.size();
    }
    JsonNode told = status().path("unarchived");
    assertThat(told.path("directory").asText()).isEqualTo(unarchived.toString());
    assertThat(told.path("files").asInt()).isEqualTo(LogFile.in(unarchived).size());
    assertThat(told.path("bytes").asLong()).isEqualTo(bytes).isPositive();
    assertThat(Cli.run("status", "--standby", standby).out())
        .contains(LogFile.in(unarchived).size() + " log files, " + bytes + " bytes")
        .contains(unarchived.toString());
    Files.move(away, archive);
    Cli.json("sync", "--standby", standby).good();
    assertThat(status().has("unarchived")).isFalse();
    assertThat(Cli.run("status", "--standby", standby).out()).doesNotContain("unarchived");
  }

  @Test
  void theProcedureIsEndedAndTheArchiveTakesIt() throws Exception {
    Path last = last();
    Files.move(away, archive);
    assertThat(endArchiving().has("notes")).isFalse();
    assertAllIsArchivedUpTo(last);
    assertThat(status().has("unarchived")).isFalse();
    assertThat(Cli.json("sync", "--standby", standby).good().has("notes")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theProcedureIsEndedAndTheArchiveDoesNotTakeIt(boolean isSource) throws Exception {
    if (isSource) { // what it takes, the source would seem to have
      Files.createSymbolicLink(archive, home);
    }
    var before = Tree.of(unarchived);
    var source = LogFile.in(home);
    assertThat(endArchiving().path("notes").toString())
        .contains(unarchived.toString())
        .contains(archive.toString());
    assertThat(Tree.of(unarchived)).isEqualTo(before);
    assertThat(LogFile.in(home).get(0)).isEqualTo(source.get(0));
    assertThat(status().path("unarchived").path("files").asInt())
        .isEqualTo(LogFile.in(unarchived).size());
    for (int i = 0; i < 2; i++) { // also where nothing is new
      assertThat(Cli.json("sync", "--standby", standby).good().path("notes").toString())
          .contains(unarchived.toString());
    }
    assertThat(Cli.json("failover", "--standby", standby).good().path("notes").toString())
        .contains(unarchived.toString());
    assertThat(Tree.of(unarchived)).isEqualTo(before);
  }

  /** Nothing is wrong with the archive then. */
  @ParameterizedTest
  @EnumSource
  void aLogFileThatIsToBeArchivedCantBeRead(Obstacle obstacle) throws Exception {
    List<String> prefix = Unprivileged.prefix();
    Files.move(away, archive);
    write();
    Path last = last();
    Path whole = Files.copy(last, work.resolve("whole"));
    obstacle.put(last);
    Outcome failed = Cli.jsonBy(prefix, "sync", "--standby", standby);
    assertThat(failed.code()).as("%s", failed).isEqualTo(1);
    assertThat(failed.json().path("reason").asText()).isEqualTo(obstacle.reason);
    assertThat(failed.json().path("message").asText())
        .startsWith(last + ": can't be read")
        .endsWith(obstacle.told);
    assertThat(failed.json().path("hint").asText()).doesNotContain("see to the archive");
    assertThat(status().path("recoveredTo")).isEqualTo(status().path("sourceEnd"));
    Files.delete(last);
    Files.move(whole, last);
    Cli.json("sync", "--standby", standby).good();
    assertAllIsArchivedUpTo(last);
  }
}
