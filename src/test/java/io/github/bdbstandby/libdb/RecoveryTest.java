package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

  private static final RecoveryOptions CATASTROPHIC =
      RecoveryOptions.catastrophic(EnvironmentOptions.defaults());

  @TempDir Path temp;

  private Path standby(String... options) throws IOException {
    Path home = Tools.init(temp.resolve("home"), options);
    Tools.commits(home, 3000);
    return Tools.copyHome(home, temp.resolve("standby"));
  }

  private static void check(Path home) {
    assertThat(Tools.writer("check", home).out()).contains("\"ok\":true");
  }

  @ParameterizedTest
  @EnumSource(RecoveryOptions.Kind.class)
  void recoversAndTellsProgress(RecoveryOptions.Kind kind) throws IOException {
    Path home = standby("--types", "btree,hash,queue");
    List<Integer> percents = new ArrayList<>();
    EnvironmentOptions options = EnvironmentOptions.builder().cacheBytes(16L << 20).build();
    DbEnvironment.recover(
        home, new RecoveryOptions(kind, options, Optional.empty()), percents::add);
    assertThat(percents).isNotEmpty().isSorted().allSatisfy(p -> assertThat(p).isBetween(0, 100));
    assertThat(DbEnvironment.hasRegionFiles(home)).isFalse();
    check(home);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAKill(boolean catastrophic) throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree,hash");
    try (Tools.Busy busy = Tools.busy(home)) {
      busy.kill();
    }
    EnvironmentOptions defaults = EnvironmentOptions.defaults();
    DbEnvironment.recover(
        home,
        catastrophic ? RecoveryOptions.catastrophic(defaults) : RecoveryOptions.normal(defaults),
        RecoveryListener.NONE);
    assertThat(DbEnvironment.hasRegionFiles(home)).isFalse();
    check(home);
  }

  @Test
  void directoriesOfDbConfigAndOfCode() throws IOException {
    Path home =
        standby(
            "--types",
            "btree,hash",
            "--config",
            "add_data_dir data1",
            "--config",
            "set_lg_dir logs");
    DbEnvironment.recover(home, CATASTROPHIC, RecoveryListener.NONE);
    check(home);
    assertThat(LogFile.in(home)).isEmpty();

    Path live =
        Tools.init(
            temp.resolve("code"), "--types", "btree", "--data-dir", "d1", "--log-dir", "logs");
    Tools.commits(live, 500);
    Path copy = Tools.copyHome(live, temp.resolve("copy"));
    EnvironmentOptions options =
        EnvironmentOptions.builder().addDataDirectory("d1").logDirectory("logs").build();
    DbEnvironment.recover(copy, RecoveryOptions.catastrophic(options), RecoveryListener.NONE);
    assertThat(LogFile.in(copy)).isEmpty();
    check(copy);
  }

  @Test
  void encrypted() throws IOException {
    Path password = Files.writeString(temp.resolve("password"), "secret\n");
    Path home = standby("--types", "btree", "--password-file", password.toString());
    EnvironmentOptions options =
        EnvironmentOptions.builder()
            .password("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .build();
    var before = Tools.contents(home);
    assertThatThrownBy(() -> DbEnvironment.recover(home, CATASTROPHIC, RecoveryListener.NONE))
        .isInstanceOf(DbException.class);
    assertThat(Tools.contents(home)).isEqualTo(before);
    DbEnvironment.recover(home, RecoveryOptions.catastrophic(options), RecoveryListener.NONE);
    check(home);
  }

  @Test
  void untilATime() throws IOException {
    Path home = standby("--types", "btree");
    Instant future = Instant.now().plusSeconds(3600);
    DbEnvironment.recover(
        home,
        new RecoveryOptions(
            RecoveryOptions.Kind.CATASTROPHIC, EnvironmentOptions.defaults(), Optional.of(future)),
        RecoveryListener.NONE);
    check(home);
    Path early = Tools.copyHome(temp.resolve("home"), temp.resolve("early"));
    assertThatThrownBy(
            () ->
                DbEnvironment.recover(
                    early,
                    new RecoveryOptions(
                        RecoveryOptions.Kind.CATASTROPHIC,
                        EnvironmentOptions.defaults(),
                        Optional.of(Instant.ofEpochSecond(1_000_000))),
                    RecoveryListener.NONE))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("BDB1509");
  }

  @Test
  void listenersExceptionWaitsForTheEnd() throws IOException {
    Path home = standby("--types", "btree");
    List<Integer> percents = new ArrayList<>();
    IllegalStateException thrown = new IllegalStateException("listener");
    assertThatThrownBy(
            () ->
                DbEnvironment.recover(
                    home,
                    CATASTROPHIC,
                    percent -> {
                      percents.add(percent);
                      throw thrown;
                    }))
        .isSameAs(thrown);
    assertThat(percents).hasSize(1);
    check(home);
  }

  /**
   * The standby's databases are of a first copy, and the source dropped log files before the
   * second.
   */
  static Path withGap(Path temp) throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    Tools.commits(home, 2000);
    Path copy = Tools.copyHome(home, temp.resolve("standby"));
    DbEnvironment.recover(copy, CATASTROPHIC, RecoveryListener.NONE);
    Tools.commits(home, 6000);
    for (LogFile log : LogFile.in(copy)) {
      Files.delete(log.path());
    }
    List<LogFile> logs = LogFile.in(home);
    for (LogFile log : logs.subList(logs.size() * 3 / 4, logs.size())) {
      Files.copy(log.path(), copy.resolve(log.path().getFileName().toString()));
    }
    return copy;
  }

  @Test
  void gapIsTypedAndSilent() throws IOException {
    Path standby = withGap(temp);
    // In a JVM of its own, whose output is all ours to see.
    Tools.Result result =
        Tools.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "-Xmx128m",
            RecoverMain.class.getName(),
            standby.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith(
            "LogSequenceException: DB_ENV->open " + standby + ": BDB0110 Log sequence error");
    assertThat(result.exit()).isZero();
    assertThat(DbEnvironment.hasRegionFiles(standby)).isFalse();
  }

  @Test
  void missingLastLogFilesAreTyped() throws IOException {
    Path home = standby("--types", "btree");
    List<LogFile> logs = LogFile.in(home);
    for (LogFile log : logs.subList(1, logs.size())) {
      Files.delete(log.path());
    }
    assertThatThrownBy(() -> DbEnvironment.recover(home, CATASTROPHIC, RecoveryListener.NONE))
        .isInstanceOf(LogSequenceException.class);
  }

  @Test
  void truncatedLogIsRecoveredToItsEnd() throws IOException {
    Path live = Tools.init(temp.resolve("home"), "--types", "btree");
    Path copy = Tools.copyHome(live, temp.resolve("copy"));
    Tools.commits(live, 2000);
    // Databases of before, the log of after, cut in the middle of a record.
    for (LogFile log : LogFile.in(live)) {
      Files.copy(
          log.path(),
          copy.resolve(log.path().getFileName().toString()),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    List<LogFile> logs = LogFile.in(copy);
    try (FileChannel file =
        FileChannel.open(logs.get(logs.size() - 1).path(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2 + 3);
    }
    DbEnvironment.recover(copy, CATASTROPHIC, RecoveryListener.NONE);
    assertThat(DbEnvironment.hasRegionFiles(copy)).isFalse();
    Tools.runOk("db5.3_verify", "-h", copy.toString(), "accounts-btree-0.db");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void garbageInTheLogDoesNotCrash(long seed) throws IOException {
    Path home = standby("--types", "btree,queue");
    Random random = new Random(seed);
    List<LogFile> logs = LogFile.in(home);
    for (int i = 0; i < 3; i++) {
      Path log = logs.get(random.nextInt(logs.size())).path();
      byte[] bytes = Files.readAllBytes(log);
      byte[] garbage = new byte[1 + random.nextInt(200)];
      random.nextBytes(garbage);
      int at = seed % 3 == 0 ? random.nextInt(60) : random.nextInt(bytes.length - garbage.length);
      System.arraycopy(garbage, 0, bytes, at, garbage.length);
      Files.write(log, bytes);
    }
    // Typed, or recovered up to the damage: never a crash.
    assertThatCode(
            () -> {
              try (DbEnvironment env =
                  DbEnvironment.openPrivate(
                      home,
                      Set.of(Subsystem.LOG, Subsystem.MPOOL),
                      EnvironmentOptions.defaults())) {
                env.logFiles();
                env.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.values()), record -> {});
              } catch (DbException e) {
                assertThat(e.messages()).isNotNull();
              }
              try {
                DbEnvironment.recover(home, CATASTROPHIC, RecoveryListener.NONE);
              } catch (DbException e) {
                assertThat(e.getMessage()).startsWith("DB_ENV->open " + home);
              }
            })
        .doesNotThrowAnyException();
    assertThat(DbEnvironment.hasRegionFiles(home)).isFalse();
  }

  @Test
  void logOfANewerVersion() throws IOException {
    Path home = standby("--types", "btree");
    List<LogFile> logs = LogFile.in(home);
    Path last = logs.get(logs.size() - 1).path();
    byte[] bytes = Files.readAllBytes(last);
    // The header's magic number, then the version.
    for (int i = 0; i < 64; i++) {
      if (bytes[i] == (byte) 0x88
          && bytes[i + 1] == 0x09
          && bytes[i + 2] == 0x04
          && bytes[i + 3] == 0) {
        bytes[i + 4] = 99;
      }
    }
    Files.write(last, bytes);
    assertThatThrownBy(() -> DbEnvironment.recover(home, CATASTROPHIC, RecoveryListener.NONE))
        .isInstanceOf(VersionMismatchException.class)
        .hasMessageContaining("BDB2531");
  }

  @Test
  void fullDisk() throws IOException {
    Path mount = Files.createDirectory(temp.resolve("small"));
    Tools.Result mounted =
        Tools.run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", mount.toString());
    assumeThat(mounted.exit()).as("may mount: %s", mounted.err()).isZero();
    try {
      Path live =
          Tools.init(
              temp.resolve("home"),
              "--types",
              "btree",
              "--accounts",
              "2000",
              "--value-size",
              "1000");
      // Databases of before, with the log of after: recovery must make them grow.
      Path copy = Tools.copyHome(live, temp.resolve("copy"));
      Tools.commits(live, 4000);
      try (var files = Files.list(copy)) {
        for (Path file : files.toList()) {
          if (LogFile.numberOf(file.getFileName().toString()).isEmpty()) {
            Files.copy(file, mount.resolve(file.getFileName().toString()));
          }
        }
      }
      Files.createDirectory(temp.resolve("logs"));
      for (LogFile log : LogFile.in(live)) {
        Files.copy(log.path(), temp.resolve("logs").resolve(log.path().getFileName().toString()));
      }
      // What is free, but for a few pages, is taken.
      long free = Files.getFileStore(mount).getUsableSpace();
      Files.write(mount.resolve("ballast"), new byte[(int) Math.max(0, free - 12 * 1024)]);
      EnvironmentOptions options =
          EnvironmentOptions.builder().logDirectory(temp.resolve("logs").toString()).build();
      assertThatThrownBy(
              () ->
                  DbEnvironment.recover(
                      mount, RecoveryOptions.catastrophic(options), RecoveryListener.NONE))
          .isInstanceOf(NoSpaceException.class)
          .hasMessageContaining("No space left on device");
      // Space again, and the same works.
      Files.delete(mount.resolve("ballast"));
      Tools.runOk("mount", "-o", "remount,size=64m", mount.toString());
      DbEnvironment.recover(mount, RecoveryOptions.catastrophic(options), RecoveryListener.NONE);
      Tools.runOk("db5.3_verify", mount.resolve("accounts-btree-0.db").toString());
    } finally {
      Tools.runOk("umount", mount.toString());
    }
  }

  @Test
  void nowhere() {
    assertThatThrownBy(
            () -> DbEnvironment.recover(temp.resolve("none"), CATASTROPHIC, RecoveryListener.NONE))
        .isInstanceOf(DbException.class);
  }
}
