package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The listings are db5.3_archive's. */
class ListingTest {

  @TempDir Path temp;

  private static void assertSameAsArchive(Path home, DbEnvironment env) {
    assertThat(env.databases().names()).isEqualTo(archive(home, "-a", "-s"));
    assertThat(env.logFiles().names()).isEqualTo(archive(home, "-a", "-l"));
    assertThat(env.inactiveLogFiles().names()).isEqualTo(archive(home, "-a"));
  }

  private static List<String> archive(Path home, String... flags) {
    List<String> command = new java.util.ArrayList<>(List.of("db5.3_archive"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-h", home.toString()));
    byte[] out =
        Tools.runOk(command.toArray(String[]::new)).out().getBytes(StandardCharsets.ISO_8859_1);
    return FileNames.decode(out).lines().toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--types btree,hash,recno,queue,heap",
        "--types btree,queue --subdir inner/deep",
        "--types btree,hash,queue --config add_data_dir_data1 --config add_data_dir_data2/deep --config set_lg_dir_logs",
        "--types btree --subdir späße"
      })
  void equalsArchive(String options) throws IOException {
    String[] split =
        List.of(options.split(" ", -1)).stream()
            .map(
                o ->
                    o.replace("add_data_dir_", "add_data_dir ")
                        .replace("set_lg_dir_", "set_lg_dir "))
            .toArray(String[]::new);
    Path home = Tools.init(temp.resolve("home"), split);
    Tools.commits(home, 3000);
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertSameAsArchive(home, env);
      assertThat(env.databases().isEmpty()).isFalse();
      assertThat(env.databases().paths()).allSatisfy(path -> assertThat(path).isRegularFile());
      assertThat(env.logFiles().logFiles()).hasSizeGreaterThan(1);
      assertThat(env.logFiles().logFiles().get(0).path()).isRegularFile();
      env.flushLog(); // the last record may be in memory only, and its file not be there yet
      assertThat(env.logFiles().highest()).hasValue(env.lastLsn().orElseThrow().file());
      env.checkpoint(true);
      assertSameAsArchive(home, env);
      assertThat(env.inactiveLogFiles().isEmpty()).isFalse();
    }
  }

  @Test
  void dataDirectoriesGivenInCode() throws IOException {
    Path home =
        Tools.init(
            temp.resolve("home"),
            "--types",
            "btree",
            "--data-dir",
            "d1",
            "--data-dir",
            "d2",
            "--log-dir",
            "logs");
    Tools.commits(home, 1000);
    EnvironmentOptions options =
        EnvironmentOptions.builder()
            .addDataDirectory("d1")
            .addDataDirectory("d2")
            .logDirectory("logs")
            .build();
    try (DbEnvironment env = DbEnvironment.join(home, options)) {
      assertThat(env.dataDirectories()).containsExactly("d1", "d2");
      assertThat(env.logDirectory()).hasValue("logs");
      assertThat(env.metadataDirectory()).isEmpty();
      assertThat(env.databases().names())
          .isNotEmpty()
          .allSatisfy(name -> assertThat(name).startsWith(home + "/d"));
      assertThat(env.logFiles().names())
          .allSatisfy(name -> assertThat(name).startsWith(home + "/logs/log."));
    }
    // Without them libdb drops each name in silence.
    try (DbEnvironment env =
        DbEnvironment.join(home, EnvironmentOptions.builder().logDirectory("logs").build())) {
      assertThat(env.databases().names()).isEmpty();
    }
  }

  @Test
  void directoriesOfDbConfig() throws IOException {
    Path home =
        Tools.init(
            temp.resolve("home"),
            "--types",
            "btree",
            "--config",
            "add_data_dir data1",
            "--config",
            "set_lg_dir logs",
            "--config",
            "set_metadata_dir meta");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.dataDirectories()).contains("data1");
      assertThat(env.logDirectory()).hasValue("logs");
      assertThat(env.metadataDirectory()).hasValue("meta");
    }
  }

  @Test
  void queueThatIsGoneMakesTheListingOfDatabasesFail() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree,queue");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.databases().isEmpty()).isFalse();
      String queue =
          env.databases().names().stream()
              .map(name -> name.substring(name.lastIndexOf('/') + 1))
              .filter(name -> name.contains("-queue") && !name.startsWith("__"))
              .findFirst()
              .orElseThrow();
      Tools.writer("remove", home, "--db", queue);
      assertThatThrownBy(env::databases).isInstanceOf(NoSuchFileDbException.class);
      assertThat(Tools.run("db5.3_archive", "-s", "-h", home.toString()).exit()).isNotZero();
    }
  }

  @Test
  void cachedFilesAndStatus() throws IOException {
    Path home =
        Tools.init(
            temp.resolve("home"), "--types", "btree,hash", "--subdir", "sub", "--pagesize", "8192");
    try (Tools.Busy busy = Tools.busy(home);
        DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.cachedFiles())
          .extracting(CachedFile::name)
          .contains("sub/accounts-btree-0.db");
      assertThat(env.cachedFiles())
          .filteredOn(file -> file.name().startsWith("sub/"))
          .extracting(CachedFile::pageSize)
          .containsOnly(8192L);
      LogStatus before = env.logStatus();
      assertThat(before.fileSize()).isEqualTo(200_000);
      assertThat(before.logVersion()).isEqualTo(19);
      while (env.lastLsn().orElseThrow().compareTo(before.end()) < 0) {
        assertThat(busy.isAlive()).isTrue(); // it is to write some more
      }
      env.flushLog();
      assertThat(env.logStatus().onDisk()).isGreaterThanOrEqualTo(before.end());
      assertThat(env.firstLsn()).hasValueSatisfying(lsn -> assertThat(lsn.file()).isEqualTo(1));
      assertThat(env.lastLsn())
          .hasValueSatisfying(lsn -> assertThat(lsn).isGreaterThan(before.onDisk()));
      assertThat(env.logsInMemory()).isFalse();
      assertThat(env.encrypted()).isFalse();
      assertThat(busy.isAlive()).isTrue();
    }
  }

  /** Openings of these subsystems only look; with TXN libdb writes a record. */
  @ParameterizedTest
  @ValueSource(strings = {"LOG", "LOG,MPOOL", "LOG,MPOOL,LOCK"})
  void privateOpeningChangesNothing(String subsystems) throws IOException {
    Path live = Tools.init(temp.resolve("home"), "--types", "btree");
    Tools.commits(live, 2000);
    Path copy = Tools.copyHome(live, temp.resolve("copy"));
    // A log file's tail may be a page that was never filled, or be cut off.
    List<LogFile> logs = LogFile.in(copy);
    Path cut = Tools.copyHome(copy, temp.resolve("cut"));
    Path last = cut.resolve(LogFile.nameOf(logs.get(logs.size() - 1).number()));
    try (var file =
        java.nio.channels.FileChannel.open(last, java.nio.file.StandardOpenOption.WRITE)) {
      file.truncate(Math.max(100, Files.size(last) / 3));
    }
    Set<Subsystem> set =
        java.util.Arrays.stream(subsystems.split(",", -1))
            .map(Subsystem::valueOf)
            .collect(java.util.stream.Collectors.toSet());
    for (Path home : List.of(copy, cut)) {
      var before = Tools.contents(home);
      try (DbEnvironment env =
          DbEnvironment.openPrivate(home, set, EnvironmentOptions.defaults())) {
        assertThat(env.logFiles().logFiles()).hasSameSizeAs(LogFile.in(home));
        assertThat(env.inactiveLogFiles().names()).isNotNull();
        assertThat(env.lastLsn()).isPresent();
        env.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.TXN_CHECKPOINT), record -> {});
      }
      assertThat(Tools.contents(home)).isEqualTo(before);
    }
  }

  @Test
  void privateOpeningWithTransactionsWritesARecord() throws IOException {
    Path live = Tools.init(temp.resolve("home"), "--types", "btree");
    Path copy = Tools.copyHome(live, temp.resolve("copy"));
    var before = Tools.contents(copy);
    DbEnvironment.openPrivate(
            copy,
            Set.of(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN),
            EnvironmentOptions.defaults())
        .close();
    assertThat(Tools.contents(copy)).isNotEqualTo(before);
  }

  @Test
  void privateOpeningIsRefusedWhereRegionsAre() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    assertThat(DbEnvironment.hasRegionFiles(home)).isTrue();
    assertThatThrownBy(
            () ->
                DbEnvironment.openPrivate(
                    home, Set.of(Subsystem.LOG, Subsystem.MPOOL), EnvironmentOptions.defaults()))
        .isInstanceOf(RegionsPresentException.class)
        .hasMessageContaining(home.toString());
    DbEnvironment.openPrivate(home, Set.of(Subsystem.LOG), EnvironmentOptions.defaults()).close();
    assertThat(DbEnvironment.hasRegionFiles(home)).isTrue();
    assertThat(DbEnvironment.hasRegionFiles(temp.resolve("none"))).isFalse();
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.createFile(other.resolve("__db.rep.db"));
    Files.createFile(other.resolve("__db.register"));
    assertThat(DbEnvironment.hasRegionFiles(other)).isFalse();
    Files.createFile(other.resolve("__db.1234"));
    assertThat(DbEnvironment.hasRegionFiles(other)).isTrue();
  }
}
