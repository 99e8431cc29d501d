package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The archive of the long procedure fails: the standby stays in step, each log file is kept until
 * the archive has it, and it gets all when it works again.
 */
final class FailingArchiveTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path disk;
  private Path archive;
  private Path acknowledged;

  /** How an archive may fail. */
  enum Trouble {
    /** Its disk is not mounted. */
    GONE {
      @Override
      void begin(Path disk) throws Exception {
        Files.move(disk.resolve("archive"), away(disk));
      }

      @Override
      void end(Path disk) throws Exception {
        Files.move(away(disk), disk.resolve("archive"));
      }
    },
    /** The system has an error for whoever looks there. */
    OUT_OF_REACH {
      @Override
      void begin(Path disk) throws Exception {
        Files.move(disk, away(disk));
        Files.writeString(disk, "no directory");
      }

      @Override
      void end(Path disk) throws Exception {
        Files.delete(disk);
        Files.move(away(disk), disk);
      }
    };

    abstract void begin(Path disk) throws Exception;

    abstract void end(Path disk) throws Exception;

    private static Path away(Path disk) {
      return disk.resolveSibling("away");
    }
  }

  @BeforeEach
  void archived() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    disk = work.resolve("disk");
    archive = disk.resolve("archive");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    snapshot().good();
    write();
    Cli.json("sync", "--standby", standby).good();
    write();
  }

  private Outcome snapshot(Object... more) throws Exception {
    return Cli.json(Words.archiving(home, standby, archive, more));
  }

  private void write() throws Exception {
    Writer.work(home, 600, "--ack", acknowledged.toString());
    Writer.run("checkpoint", home);
  }

  private JsonNode status() throws Exception {
    return Cli.json("status", "--standby", standby).good();
  }

  private void assertInStep() throws Exception {
    JsonNode status = status();
    assertThat(status.path("recoveredTo")).isEqualTo(status.path("sourceEnd"));
    assertThat(status.path("behindBytes").asLong()).isZero();
  }

  /** Each log file that there ever was is at one of these places. */
  private void assertNoneIsMissing(Path... places) throws Exception {
    TreeSet<Long> numbers = new TreeSet<>();
    for (Path place : places) {
      for (LogFile log : Files.isDirectory(place) ? LogFile.in(place) : List.<LogFile>of()) {
        numbers.add(log.number());
      }
    }
    assertThat(numbers)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, numbers.last()).boxed().toList());
  }

  private Path unarchived() {
    return standby.resolve(".bdb-standby").resolve("unarchived");
  }

  private void assertAllIsArchived() throws Exception {
    assertThat(unarchived()).doesNotExist();
    assertThat(LogFile.in(archive).get(0).number()).isEqualTo(1);
    assertNoneIsMissing(archive, home);
    assertNoneIsMissing(archive, standby);
  }

  @ParameterizedTest
  @EnumSource
  void aSyncAppliesAndSaysSo(Trouble trouble) throws Exception {
    trouble.begin(disk);
    for (int i = 0; i < 2; i++) {
      Outcome failed = Cli.json("sync", "--standby", standby);
      assertThat(failed.code()).as("%s", failed).isEqualTo(1);
      assertThat(failed.json().path("outcome").asText()).isEqualTo("failed");
      assertThat(failed.json().path("reason").asText()).isEqualTo("io-error");
      assertThat(failed.json().path("message").asText()).contains(archive.toString());
      assertThat(failed.json().path("hint").asText()).contains("archive");
      assertInStep();
      assertThat(status().path("lastError").path("goodCycleSince").asBoolean(true)).isFalse();
      write();
    }
    trouble.end(disk);
    assertNoneIsMissing(archive, unarchived(), standby);
    Cli.json("verify", "--standby", standby).good();
    JsonNode good = Cli.json("sync", "--standby", standby).good();
    assertInStep();
    assertAllIsArchived();
    assertThat(good.path("steps").get(0).path("step").asText()).isEqualTo("archive-standby-logs");
    assertThat(good.path("steps").get(0).path("files").asLong()).isPositive();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby, "--ack", acknowledged.toString());
  }

  @ParameterizedTest
  @EnumSource
  void aFailoverDoesNotDependOnIt(Trouble trouble) throws Exception {
    trouble.begin(disk);
    assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(1);
    write();
    JsonNode promoted = Cli.json("failover", "--standby", standby).good();
    assertThat(promoted.path("notes").toString()).contains(unarchived().toString());
    Writer.run("check", standby, "--ack", acknowledged.toString());
    trouble.end(disk);
    assertNoneIsMissing(archive, unarchived(), standby);
  }

  /** Another file has the name: no time will mend it, and somebody must. */
  @Test
  void aConflictKeepsNoCycleFromBeingApplied() throws Exception {
    long next = LogFile.in(home).get(0).number();
    Path conflict = Files.writeString(archive.resolve(LogFile.nameOf(next)), "not a log");
    Outcome failed = Cli.json("sync", "--standby", standby);
    assertThat(failed.code()).as("%s", failed).isEqualTo(1);
    assertThat(failed.json().path("reason").asText()).isEqualTo("archive-conflict");
    assertThat(failed.json().path("message").asText()).contains(conflict.toString());
    assertInStep();
    assertThat(conflict).hasContent("not a log");
    Files.delete(conflict);
    write();
    Cli.json("sync", "--standby", standby).good();
    assertAllIsArchived();
  }

  /** Wherever a sync dies, each log file is still somewhere. */
  @ParameterizedTest
  @EnumSource(names = "GONE")
  void aSyncDiesAsItKeepsThem(Trouble trouble) throws Exception {
    trouble.begin(disk);
    Map<String, String> dying =
        Operation.struck(standby, "rename standby/unarchived/log#2", "kill-before");
    try (Child sync = Cli.start(dying, work, "sync", "--standby", standby)) {
      assertThat(sync.await().code()).isEqualTo(128 + 9);
    }
    assertThat(unarchived()).isNotEmptyDirectory();
    trouble.end(disk);
    assertNoneIsMissing(archive, unarchived(), standby);
    Cli.json("sync", "--standby", standby).good();
    assertInStep();
    assertAllIsArchived();
  }

  /** What waits is older than all that comes after it. */
  @Test
  void aNewSnapshotArchivesWhatWaits() throws Exception {
    Trouble.GONE.begin(disk);
    assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(1);
    Trouble.GONE.end(disk);
    assertThat(unarchived()).isNotEmptyDirectory();
    snapshot().good();
    assertAllIsArchived();
  }

  /** Such as a network's file system has. */
  @Test
  void itsDiskHasAnErrorAsItIsWrittenTo() throws Exception {
    Map<String, String> failing = Operation.struck(archive, "create standby/new-log#2", "eio");
    try (Child sync = Cli.start(failing, work, "sync", "--standby", standby, "--json")) {
      Child.Ended ended = sync.await();
      assertThat(ended.code()).as("%s", ended).isEqualTo(1);
      assertThat(ended.out()).contains("io-error").contains(archive.toString());
    }
    assertInStep();
    assertNoneIsMissing(archive, unarchived(), standby);
    assertNoneIsMissing(archive, home);
    Cli.json("sync", "--standby", standby).good();
    assertAllIsArchived();
  }

  /** A snapshot of a large source copied it all before it looked. */
  @Test
  void aConflictIsFoundBeforeASnapshotCopies() throws Exception {
    long next = LogFile.in(home).get(0).number();
    Path conflict = Files.writeString(archive.resolve(LogFile.nameOf(next)), "not a log");
    Refusal leaving = Refusal.leaving(standby, archive).andSources(home);
    leaving.refused("snapshot", "archive-conflict", conflict, this::snapshot);
    leaving.refused("snapshot", "archive-conflict", conflict, () -> snapshot("--dry-run"));
    Path other = work.resolve("other");
    leaving.refused(
        "snapshot",
        "archive-conflict",
        conflict,
        () -> Cli.json(Words.archiving(home, other, archive)));
    assertThat(other).doesNotExist();
    Files.delete(conflict);
    snapshot().good();
    assertAllIsArchived();
  }

  /** It takes the room that a sync would ask for. */
  @Test
  void whatWaitsIsArchivedBeforeRoomIsAskedFor() throws Exception {
    try (Mount small = Mount.tmpfs(work.resolve("small"), "64m")) {
      standby = small.point().resolve("standby");
      archive = disk.resolve("other");
      snapshot().good();
      write();
      Cli.json("sync", "--standby", standby).good();
      write();
      Path away = Files.move(archive, disk.resolve("away"));
      assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(1);
      assertThat(unarchived()).isNotEmptyDirectory();
      long due = LogFile.in(home).get(LogFile.in(home).size() - 1).size();
      long left = Files.getFileStore(small.point()).getUsableSpace();
      long tooLittle = SpaceGuard.MARGIN + due - 64 * 1024;
      Path ballast = small.point().resolve("ballast");
      Files.write(ballast, new byte[(int) (left - tooLittle)]);
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "disk-full", standby, () -> Cli.json("sync", "--standby", standby));
      Files.move(away, archive);
      Cli.json("sync", "--standby", standby).good();
      assertThat(unarchived()).doesNotExist();
    }
  }
}
