package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** What a thread's recovery writes is watched for one home. */
  @Test
  void anotherIsRefusedToItsListener() throws IOException {
    Path home = standby("--types", "btree");
    Path other = Tools.copyHome(home, temp.resolve("other"));
    List<Throwable> thrown = new ArrayList<>();
    DbEnvironment.recover(
        home,
        CATASTROPHIC.through(temp.resolve("slot")),
        percent ->
            thrown.add(
                catchThrowable(
                    () -> DbEnvironment.recover(other, CATASTROPHIC, RecoveryListener.NONE))));
    assertThat(thrown)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(home.toString()));
    check(home);
    DbEnvironment.recover(other, CATASTROPHIC, RecoveryListener.NONE);
    check(other);
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
}
