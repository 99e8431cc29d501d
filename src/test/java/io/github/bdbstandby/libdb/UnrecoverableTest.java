package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.bdbstandby.testkit.Mount;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnrecoverableTest {
  private static final RecoveryOptions CATASTROPHIC =
      RecoveryOptions.catastrophic(EnvironmentOptions.defaults());

  @TempDir Path temp;

  private Path standby(String... options) throws IOException {
    Path home = Tools.init(temp.resolve("home"), options);
    Tools.commits(home, 3000);
    return Tools.copyHome(home, temp.resolve("standby"));
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
      Mount.unmount(mount);
    }
  }

  @Test
  void nowhere() {
    assertThatThrownBy(
            () -> DbEnvironment.recover(temp.resolve("none"), CATASTROPHIC, RecoveryListener.NONE))
        .isInstanceOf(DbException.class);
  }
}
