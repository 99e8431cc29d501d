package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.testkit.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The official API's environment in this process, and a standby of it. */
abstract class AttachedApplication {
  static final int RECORDS = 500;
  @TempDir Path work;
  Path home;
  Standby standby;
  Environment environment;
  Database database;
  DbEnvironment attached;

  @BeforeEach
  void places() throws Exception {
    home = Files.createDirectory(work.resolve("home"));
    standby = Standby.at(work.resolve("standby"));
  }

  @AfterEach
  void leave() throws Exception {
    if (attached != null) {
      attached.close();
    }
    closeEnvironment();
  }

  void closeEnvironment() throws Exception {
    if (database != null) {
      database.close();
      database = null;
    }
    if (environment != null) {
      environment.close();
      environment = null;
    }
  }

  static EnvironmentConfig config() {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setPrivate(true);
    return config;
  }

  /** The application, with so many records more. */
  SourceRequest open(Consumer<EnvironmentConfig> how) throws Exception {
    EnvironmentConfig config = config();
    how.accept(config);
    environment = new Environment(home.toFile(), config);
    attached = DbEnvironment.attach(environment);
    return SourceRequest.attached(attached);
  }

  SourceRequest open() throws Exception {
    SourceRequest source = open(config -> {});
    openDatabase();
    put(0, RECORDS);
    return source;
  }

  void openDatabase() throws Exception {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(environment.getConfig().getTransactional());
    config.setType(DatabaseType.BTREE);
    database = environment.openDatabase(null, "a.db", null, config);
  }

  void put(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      database.put(null, entry(i), entry(i));
    }
  }

  static DatabaseEntry entry(int value) {
    return new DatabaseEntry(
        String.format("%0100d", value).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  CycleReport snapshot(SourceRequest source) {
    return standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
  }

  /** How many records the promoted standby has. */
  long promoted(Optional<byte[]> password) throws Exception {
    standby.failover(new FailoverOptions(password, false, false, false), StandbyListener.NONE);
    EnvironmentConfig config = config();
    config.setRunRecovery(true);
    password.ifPresent(
        secret -> config.setEncrypted(new String(secret, java.nio.charset.StandardCharsets.UTF_8)));
    Environment copy = new Environment(standby.directory().toFile(), config);
    DatabaseConfig any = new DatabaseConfig();
    any.setType(DatabaseType.UNKNOWN);
    any.setReadOnly(true);
    Database records = copy.openDatabase(null, "a.db", null, any);
    long count = ((com.sleepycat.db.BtreeStats) records.getStats(null, null)).getNumKeys();
    records.close();
    copy.close();
    return count;
  }

  static StandbyException thrownBy(Runnable work) {
    AtomicReference<StandbyException> thrown = new AtomicReference<>();
    assertThatExceptionOfType(StandbyException.class).isThrownBy(work::run).satisfies(thrown::set);
    return thrown.get();
  }

  void refused(Reason reason, Runnable work) throws Exception {
    var before = Tree.of(home);
    StandbyException refusal = thrownBy(work);
    assertThat(refusal).isInstanceOf(RefusedException.class);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(standby.directory()).doesNotExist();
    assertThat(Tree.of(home)).isEqualTo(before);
  }
}
