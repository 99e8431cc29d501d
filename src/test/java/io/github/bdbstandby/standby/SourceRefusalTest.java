package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that can have no standby: each is told so, and nothing is made. */
final class SourceRefusalTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private Outcome snapshot(Object... more) throws Exception {
    List<Object> words = new java.util.ArrayList<>(List.of("snapshot", "--home", home));
    words.addAll(List.of("--standby", standby));
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  private void refused(String reason, Object named, Object... more) throws Exception {
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", reason, named, () -> snapshot(more));
    assertThat(standby).doesNotExist();
  }

  @Test
  void databaseOpenedByAbsolutePath() throws Exception {
    Writer.init(home, "--types", "btree");
    Writer.run("create", home, "--db", "outside.db", "--absolute");
    refused("absolute-path", home.toRealPath().resolve("outside.db"));
  }

  @Test
  void absoluteDataDirectory() throws Exception {
    Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
    Writer.init(home, "--types", "btree", "--config", "add_data_dir " + elsewhere);
    refused("absolute-path", elsewhere);
  }

  @Test
  void absoluteDataDirectoryOnTheCommandLine() throws Exception {
    Writer.init(home, "--types", "btree");
    Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
    refused("absolute-path", elsewhere, "--data-dir", elsewhere);
  }

  @Test
  void absoluteLogDirectory() throws Exception {
    Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));
    Writer.init(home, "--types", "btree", "--config", "set_lg_dir " + elsewhere);
    refused("absolute-path", elsewhere);
  }

  @Test
  void directoryThatLeadsOutOfTheHome() throws Exception {
    Files.createDirectory(work.resolve("elsewhere"));
    Writer.init(home, "--types", "btree", "--config", "add_data_dir ../elsewhere");
    refused("absolute-path", "../elsewhere");
  }

  @Test
  void unresolvedDatabases() throws Exception {
    Writer.init(home, "--types", "btree", "--data-dir", "data1", "--log-dir", "logs");
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    try (Child application = Writer.idle(home)) {
      Files.move(home.resolve("data1"), work.resolve("moved"));
      Files.createDirectory(home.resolve("data1"));
      refused("unresolved-database", "btree", "--log-dir", "logs", "--data-dir", "data1");
      application.kill();
    }
  }

  @Test
  void dataDirectorySetInCodeAndNotTold() throws Exception {
    Writer.init(home, "--types", "btree", "--data-dir", "data1", "--log-dir", "logs");
    refused("unresolved-database", "btree", "--log-dir", "logs");
    assertThat(snapshot("--log-dir", "logs", "--data-dir", "data1").code()).isZero();
  }

  @Test
  void logDirectorySetInCodeAndNotTold() throws Exception {
    Writer.init(home, "--types", "btree", "--log-dir", "logs");
    refused("log-gap", home.resolve("log.0000000001"));
    Writer.run("remove-environment", home, "--force");
    refused("not-transactional", home);
  }

  @Test
  void logDirectoryOfDbConfigWinsAsInLibdb() throws Exception {
    Writer.init(home, "--types", "btree", "--config", "set_lg_dir logs");
    Writer.run("remove-environment", home, "--force");
    assertThat(snapshot("--log-dir", "elsewhere").code()).isZero();
    assertThat(standby.resolve("logs/log.0000000001")).exists();
  }

  @Test
  void emptyDirectory() throws Exception {
    Files.createDirectory(home);
    refused("no-environment", home);
  }

  @Test
  void missingDirectory() throws Exception {
    refused("no-environment", home);
  }

  @Test
  void directoryWithNothingOfBerkeleyDb() throws Exception {
    Files.createDirectory(home);
    Files.writeString(home.resolve("notes.txt"), "nothing");
    refused("no-environment", home);
  }

  @Test
  void homeThatIsAFile() throws Exception {
    Files.writeString(home, "nothing");
    refused("no-environment", home);
  }

  @Test
  void passwordsThatDoNotFit() throws Exception {
    Path right = Files.writeString(work.resolve("right"), "open sesame\n");
    Path wrong = Files.writeString(work.resolve("wrong"), "open barley\n");
    Writer.init(home, "--types", "btree", "--password-file", right.toString());
    refused("wrong-password", home);
    refused("wrong-password", home, "--password-file", wrong);
    Writer.run("remove-environment", home, "--force");
    refused("wrong-password", home);
    refused("wrong-password", home, "--password-file", wrong);
    assertThat(snapshot("--password-file", right).code()).isZero();
  }

  @Test
  void superfluousPassword() throws Exception {
    Path password = Files.writeString(work.resolve("password"), "open sesame\n");
    Writer.init(home, "--types", "btree");
    refused("wrong-password", home, "--password-file", password);
    Writer.run("remove-environment", home, "--force");
    refused("wrong-password", home, "--password-file", password);
  }

  @Test
  void privateEnvironment() throws Exception {
    Writer.init(home, "--types", "btree", "--private");
    try (Child application = Writer.idle(home)) {
      refused("private-environment", application.pid());
    }
  }

  @Test
  void logsInMemory() throws Exception {
    Writer.init(home, "--types", "btree", "--log-in-memory");
    try (Child application = Writer.idle(home)) {
      assertThat(application.isAlive()).isTrue();
      refused("logs-in-memory", home);
    }
  }

  @Test
  void notTransactional() throws Exception {
    Writer.init(home, "--types", "btree", "--no-txn");
    refused("not-transactional", home);
    try (Child application = Writer.idle(home)) {
      assertThat(application.isAlive()).isTrue();
      refused("not-transactional", home);
    }
  }

  @Test
  void regionsOfAnotherVersion() throws Exception {
    Writer.init(home, "--types", "btree");
    // REGENV of src/dbinc/region.h: magic, panic, then the version in three numbers.
    try (RandomAccessFile region = new RandomAccessFile(home.resolve("__db.001").toFile(), "rw")) {
      region.seek(8);
      assertThat(Integer.reverseBytes(region.readInt())).isEqualTo(5);
      assertThat(Integer.reverseBytes(region.readInt())).isEqualTo(3);
      region.seek(12);
      region.writeInt(Integer.reverseBytes(4));
    }
    refused("version-mismatch", home);
  }

  @Test
  void logOfANewerVersion() throws Exception {
    Writer.init(home, "--types", "btree");
    Writer.run("remove-environment", home, "--force");
    // LOGP of src/dbinc/log.h: a record header of 12 bytes, then magic and version.
    try (RandomAccessFile log =
        new RandomAccessFile(home.resolve("log.0000000001").toFile(), "rw")) {
      log.seek(16);
      int version = Integer.reverseBytes(log.readInt());
      log.seek(16);
      log.writeInt(Integer.reverseBytes(version + 1));
    }
    refused("version-mismatch", home);
  }

  @Test
  void treesAreSeen() throws Exception {
    Files.createDirectory(home);
    Files.writeString(home.resolve("a"), "a");
    var before = Tree.of(home);
    Files.writeString(home.resolve("a"), "b");
    assertThat(Tree.of(home)).isNotEqualTo(before);
  }

  /** libdb would panic, and the application with it, where it has to make a checkpoint for us. */
  @Test
  void logThatMayNotBeWritten() throws Exception {
    Writer.init(home, "--types", "btree");
    try (Child application = Writer.idle(home)) {
      Path log = home.resolve("log.0000000001");
      chattr("+i", log); // holds for root, too
      try {
        refused("no-access", log);
        snapshot("--passive").good();
      } finally {
        chattr("-i", log);
      }
      assertThat(application.isAlive()).isTrue();
    }
  }

  private static void chattr(String change, Path file) throws Exception {
    Process process = new ProcessBuilder("chattr", change, file.toString()).inheritIO().start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
