package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinTest {

  @TempDir Path temp;

  private static EnvironmentOptions password(String password) {
    return EnvironmentOptions.builder().password(password.getBytes(StandardCharsets.UTF_8)).build();
  }

  @Test
  void joinsABusyEnvironmentAndLeavesItAlone() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree,hash");
    try (Tools.Busy busy = Tools.busy(home)) {
      for (int i = 0; i < 20; i++) {
        try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
          assertThat(env.home()).isEqualTo(home);
          assertThat(env.subsystems())
              .contains(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN, Subsystem.LOCK);
          env.checkpoint(false);
          env.flushLog();
        }
      }
      assertThat(busy.isAlive()).isTrue();
    }
    assertThat(Tools.writer("check", home).out()).contains("\"ok\":true");
  }

  @Test
  void noEnvironment() {
    assertThatThrownBy(() -> DbEnvironment.join(temp, EnvironmentOptions.defaults()))
        .isInstanceOfSatisfying(
            NoSuchFileDbException.class,
            e -> {
              assertThat(e.codeName()).isEqualTo("ENOENT");
              assertThat(e.operation()).isEqualTo("DB_ENV->open " + temp);
              assertThat(e)
                  .hasMessageStartingWith("DB_ENV->open " + temp + ": ")
                  .hasMessageEndingWith(" (ENOENT)");
            });
    assertThatThrownBy(
            () -> DbEnvironment.join(temp.resolve("nowhere"), EnvironmentOptions.defaults()))
        .isInstanceOf(NoSuchFileDbException.class);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void passwords() throws IOException {
    Path file = Files.writeString(temp.resolve("password"), "right\n");
    Path encrypted =
        Tools.init(temp.resolve("home"), "--types", "btree", "--password-file", file.toString());
    Path plain = Tools.init(temp.resolve("plain"), "--types", "btree");
    try (DbEnvironment env = DbEnvironment.join(encrypted, password("right"))) {
      assertThat(env.encrypted()).isTrue();
      assertThat(env.databases().isEmpty()).isFalse();
    }
    assertThatThrownBy(() -> DbEnvironment.join(encrypted, password("wrong")))
        .isInstanceOf(WrongPasswordException.class)
        .hasMessageContaining("BDB0175");
    assertThatThrownBy(() -> DbEnvironment.join(encrypted, EnvironmentOptions.defaults()))
        .isInstanceOf(WrongPasswordException.class)
        .hasMessageContaining("BDB0174");
    assertThatThrownBy(() -> DbEnvironment.join(plain, password("right")))
        .isInstanceOf(WrongPasswordException.class)
        .hasMessageContaining("BDB0172");
    // The environment is as good as before.
    assertThat(Tools.writer("check", encrypted).out()).contains("\"ok\":true");
  }

  @Test
  void passwordsOfPrivateEnvironments() throws IOException {
    Path file = Files.writeString(temp.resolve("password"), "right\n");
    Path live =
        Tools.init(temp.resolve("home"), "--types", "btree", "--password-file", file.toString());
    Path copy = Tools.copyHome(live, temp.resolve("copy"));
    Set<Subsystem> log = Set.of(Subsystem.LOG, Subsystem.MPOOL);
    try (DbEnvironment env = DbEnvironment.openPrivate(copy, log, password("right"))) {
      assertThat(env.firstLsn()).isPresent();
      env.verifyDatabase("accounts-btree-0.db");
    }
    var before = Tools.contents(copy);
    assertThatThrownBy(() -> DbEnvironment.openPrivate(copy, log, password("wrong")))
        .isInstanceOf(DbException.class);
    assertThatThrownBy(() -> DbEnvironment.openPrivate(copy, log, EnvironmentOptions.defaults()))
        .isInstanceOf(DbException.class);
    assertThat(Tools.contents(copy)).isEqualTo(before);
    try (DbEnvironment env =
        DbEnvironment.openPrivate(copy, Set.of(Subsystem.MPOOL), password("wrong"))) {
      assertThatThrownBy(() -> env.verifyDatabase("accounts-btree-0.db"))
          .isInstanceOf(DatabaseDamagedException.class);
    }
    try (DbEnvironment env =
        DbEnvironment.openPrivate(copy, Set.of(Subsystem.MPOOL), EnvironmentOptions.defaults())) {
      assertThatThrownBy(() -> env.verifyDatabase("accounts-btree-0.db"))
          .isInstanceOf(DbException.class);
    }
  }

  @Test
  void panickedEnvironment() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults());
    env.panic();
    assertThatThrownBy(env::logStatus).isInstanceOf(RunRecoveryException.class);
    env.close();
    assertThatThrownBy(() -> DbEnvironment.join(home, EnvironmentOptions.defaults()))
        .isInstanceOf(RunRecoveryException.class)
        .hasMessageContaining("DB_RUNRECOVERY");
  }

  @Test
  void regionsOfAnotherVersion() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    // REGENV begins with magic and panic, then the versions: db5.3's layout, which is what the test
    // is about.
    Path region = home.resolve("__db.001");
    byte[] bytes = Files.readAllBytes(region);
    int at = -1;
    for (int i = 0; i < 256 && at < 0; i += 4) {
      if (bytes[i] == 5 && bytes[i + 4] == 3 && bytes[i + 1] == 0 && bytes[i + 5] == 0) {
        at = i;
      }
    }
    assertThat(at).isPositive();
    bytes[at + 4] = 2;
    Files.write(region, bytes);
    assertThatThrownBy(() -> DbEnvironment.join(home, EnvironmentOptions.defaults()))
        .isInstanceOf(VersionMismatchException.class);
  }

  @Test
  void anEnvironmentThatIsPrivateCannotBeJoined() throws IOException {
    Files.writeString(temp.resolve("DB_CONFIG"), "set_open_flags DB_PRIVATE on\n");
    assertThatThrownBy(() -> DbEnvironment.join(temp, EnvironmentOptions.defaults()))
        .isInstanceOf(DbException.class);
    assertThat(DbEnvironment.hasRegionFiles(temp)).isFalse();
  }

  @Test
  void garbageInDbConfig() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    Files.writeString(home.resolve("DB_CONFIG"), "set_nonsense 1\n");
    assertThatThrownBy(() -> DbEnvironment.join(home, EnvironmentOptions.defaults()))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("BDB")
        .hasMessageEndingWith("(EINVAL)");
  }

  @Test
  void hotBackupIsCounted() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.hotBackupInProgress()).isFalse();
      env.holdHotBackup();
      assertThat(env.hotBackupInProgress()).isTrue();
      assertThat(Tools.writer("hotbackup-hold", home, "get").out()).contains("\"hotbackup\":true");
    }
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.hotBackupInProgress()).as("the hold outlives the handle").isTrue();
      env.holdHotBackup();
      env.releaseHotBackup();
      assertThat(env.hotBackupInProgress()).isTrue();
      env.releaseHotBackup();
      assertThat(env.hotBackupInProgress()).isFalse();
      assertThatThrownBy(env::releaseHotBackup)
          .isInstanceOf(DbException.class)
          .hasMessageContaining("BDB1560");
    }
  }

  @Test
  void logsInMemory() throws IOException {
    Path home =
        Tools.init(
            temp.resolve("home"), "--types", "btree", "--log-in-memory", "--log-buffer", "4000000");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.logsInMemory()).isTrue();
      assertThat(env.logFiles().names()).isEmpty();
    }
  }

  @Test
  void environmentWithoutALog() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree", "--no-txn");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(env.subsystems()).doesNotContain(Subsystem.LOG, Subsystem.TXN);
      assertThatThrownBy(env::logFiles)
          .isInstanceOf(DbException.class)
          .hasMessageContaining("log_archive");
      assertThat(env.hotBackupInProgress()).isFalse();
    }
  }
}
