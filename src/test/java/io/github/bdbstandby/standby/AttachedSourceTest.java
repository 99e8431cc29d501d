package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sleepycat.db.Transaction;
import com.sleepycat.db.TransactionConfig;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.testkit.Tree;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that this process has open: what holds for any source, and what can go wrong here only.
 */
final class AttachedSourceTest {
  private static final int RECORDS = 500;

  @TempDir Path work;
  private Path home;
  private Standby standby;
  private Environment environment;
  private Database database;
  private DbEnvironment attached;

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

  private void closeEnvironment() throws Exception {
    if (database != null) {
      database.close();
      database = null;
    }
    if (environment != null) {
      environment.close();
      environment = null;
    }
  }

  private static EnvironmentConfig config() {
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
  private SourceRequest open(Consumer<EnvironmentConfig> how) throws Exception {
    EnvironmentConfig config = config();
    how.accept(config);
    environment = new Environment(home.toFile(), config);
    attached = DbEnvironment.attach(environment);
    return SourceRequest.attached(attached);
  }

  private SourceRequest open() throws Exception {
    SourceRequest source = open(config -> {});
    openDatabase();
    put(0, RECORDS);
    return source;
  }

  private void openDatabase() throws Exception {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(environment.getConfig().getTransactional());
    config.setType(DatabaseType.BTREE);
    database = environment.openDatabase(null, "a.db", null, config);
  }

  private void put(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      database.put(null, entry(i), entry(i));
    }
  }

  private static DatabaseEntry entry(int value) {
    return new DatabaseEntry(
        String.format("%0100d", value).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private CycleReport snapshot(SourceRequest source) {
    return standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
  }

  /** How many records the promoted standby has. */
  private long promoted(Optional<byte[]> password) throws Exception {
    standby.failover(new FailoverOptions(password, false, false), StandbyListener.NONE);
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

  private static StandbyException thrownBy(Runnable work) {
    AtomicReference<StandbyException> thrown = new AtomicReference<>();
    assertThatExceptionOfType(StandbyException.class).isThrownBy(work::run).satisfies(thrown::set);
    return thrown.get();
  }

  private void refused(Reason reason, Runnable work) throws Exception {
    var before = Tree.of(home);
    StandbyException refusal = thrownBy(work);
    assertThat(refusal).isInstanceOf(RefusedException.class);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(standby.directory()).doesNotExist();
    assertThat(Tree.of(home)).isEqualTo(before);
  }

  @Test
  void commitsThatAreNotFlushedAreTaken() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    TransactionConfig lazy = new TransactionConfig();
    lazy.setNoSync(true);
    Transaction transaction = environment.beginTransaction(null, lazy);
    database.put(transaction, entry(RECORDS), entry(RECORDS));
    transaction.commit();
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 1);
  }

  @Test
  void libdbCopiesInStepWithTheCache() throws Exception {
    SourceRequest source = open();
    SnapshotOptions coordinated =
        SnapshotOptions.builder()
            .copy(CopyMethod.COORDINATED)
            .layout(Layout.FLAT)
            .checkpoint(true)
            .build();
    CycleReport report = standby.snapshot(source, coordinated, StandbyListener.NONE);
    assertThat(report.copyMethod()).isEqualTo("coordinated");
    put(RECORDS, 2 * RECORDS);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(2 * RECORDS);
  }

  /** The application is restarted: another handle, the same environment, and no new snapshot. */
  @Test
  void anotherAttachmentGoesOn() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    put(RECORDS, RECORDS + 10);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    attached.close();
    closeEnvironment();
    SourceRequest again = open(config -> config.setRunRecovery(true));
    openDatabase();
    standby.sync(SyncOptions.of(again), StandbyListener.NONE); // holds bulk loading again
    put(RECORDS + 10, 2 * RECORDS);
    standby.sync(SyncOptions.of(again), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(2 * RECORDS);
  }

  @Test
  void directoriesSetInCodeNeedNotBeTold() throws Exception {
    Files.createDirectories(home.resolve("data"));
    Files.createDirectories(home.resolve("log"));
    SourceRequest source =
        open(
            config -> {
              config.addDataDir(new File("data"));
              config.setCreateDir(new File("data"));
              config.setLogDirectory(new File("log"));
            });
    openDatabase();
    put(0, RECORDS);
    snapshot(source);
    put(RECORDS, RECORDS + 10);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(home.resolve("data/a.db")).exists();
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 10);
  }

  @Test
  void anEncryptedOneNeedsItsPasswordAllTheSame() throws Exception {
    byte[] secret = "open sesame".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    SourceRequest source = open(config -> config.setEncrypted("open sesame"));
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setEncrypted("open sesame");
    config.setType(DatabaseType.BTREE);
    database = environment.openDatabase(null, "a.db", null, config);
    put(0, RECORDS);
    refused(Reason.WRONG_PASSWORD, () -> snapshot(source));
    refused(Reason.WRONG_PASSWORD, () -> snapshot(source.withPassword(new byte[] {'n', 'o'})));
    snapshot(source.withPassword(secret));
    put(RECORDS, RECORDS + 10);
    standby.sync(SyncOptions.of(source.withPassword(secret)), StandbyListener.NONE);
    assertThat(promoted(Optional.of(secret))).isEqualTo(RECORDS + 10);
  }

  @Test
  void aPasswordTooManyIsRefused() throws Exception {
    SourceRequest source = open();
    refused(Reason.WRONG_PASSWORD, () -> snapshot(source.withPassword(new byte[] {'n', 'o'})));
  }

  @Test
  void whatCanHaveNoStandbyIsRefused() throws Exception {
    SourceRequest plain =
        open(
            config -> {
              config.setTransactional(false);
              config.setInitializeLogging(false);
            });
    refused(Reason.NOT_TRANSACTIONAL, () -> snapshot(plain));
    attached.close();
    closeEnvironment();
    SourceRequest inMemory = open(config -> config.setLogInMemory(true));
    refused(Reason.LOGS_IN_MEMORY, () -> snapshot(inMemory));
    attached.close();
    closeEnvironment();
    Path log = Files.createDirectory(work.resolve("log"));
    SourceRequest absolute = open(config -> config.setLogDirectory(log.toFile()));
    refused(Reason.ABSOLUTE_PATH, () -> snapshot(absolute));
  }

  /** Nobody else can know what its cache holds, and neither can we by another handle. */
  @Test
  void aPrivateOneThatIsNotAttachedIsRefusedHereToo() throws Exception {
    open();
    refused(Reason.PRIVATE_ENVIRONMENT, () -> snapshot(SourceRequest.of(home)));
    refused(
        Reason.LOCKED,
        () -> Environments.recover(SourceRequest.of(home), false, StandbyListener.NONE));
  }

  @Test
  void aHandleOfOurOwnIsNone() throws Exception {
    open();
    attached.close();
    closeEnvironment();
    try (DbEnvironment own =
        DbEnvironment.openPrivate(
            home,
            java.util.Set.of(io.github.bdbstandby.libdb.Subsystem.LOG),
            EnvironmentOptions.defaults())) {
      assertThatIllegalArgumentException().isThrownBy(() -> SourceRequest.attached(own));
    }
  }

  /** Closed by us, and closed by the application. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClosedOneIsTold(boolean byTheApplication) throws Exception {
    SourceRequest source = open();
    if (byTheApplication) {
      closeEnvironment();
    } else {
      attached.close();
    }
    refused(Reason.SOURCE_CLOSED, () -> snapshot(source));
    assertThatExceptionOfType(ClosedEnvironmentException.class)
        .isThrownBy(() -> SourceRequest.attached(attached));
  }

  @Test
  void aPromotedStandbyIsLeftAlone() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    assertThat(thrownBy(() -> standby.sync(SyncOptions.of(source), StandbyListener.NONE)).reason())
        .isEqualTo(Reason.PROMOTED);
    assertThat(thrownBy(() -> snapshot(source)).reason()).isEqualTo(Reason.PROMOTED);
  }

  /** Two standbys of one attachment, at the same time; one of them is then worked on twice. */
  @Test
  void oneAttachmentServesMany() throws Exception {
    SourceRequest source = open();
    Standby other = Standby.at(work.resolve("other"));
    Thread second =
        new Thread(() -> other.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE));
    second.start();
    snapshot(source);
    second.join();
    assertThat(other.status().problem()).isEmpty();
    CountDownLatch applied = new CountDownLatch(1);
    Thread follower = follower(source, applied, new AtomicReference<>());
    applied.await();
    assertThat(thrownBy(() -> standby.sync(SyncOptions.of(source), StandbyListener.NONE)).reason())
        .isEqualTo(Reason.LOCKED);
    follower.interrupt();
    follower.join();
    other.sync(SyncOptions.of(source), StandbyListener.NONE);
  }

  private static StandbyListener counting(CountDownLatch applied) {
    return new StandbyListener() {
      @Override
      public void cycleEnded(CycleReport report) {
        applied.countDown();
      }
    };
  }

  private Thread follower(
      SourceRequest source, CountDownLatch applied, AtomicReference<StandbyException> ended) {
    Thread follower =
        new Thread(
            () -> {
              try {
                standby.follow(FollowOptions.of(source), counting(applied));
              } catch (StandbyException e) {
                ended.set(e);
              }
            });
    follower.start();
    return follower;
  }

  @Test
  void aFollowerIsToldThatTheApplicationHasClosed() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    put(RECORDS, RECORDS + 10);
    CountDownLatch applied = new CountDownLatch(1);
    AtomicReference<StandbyException> ended = new AtomicReference<>();
    Thread follower = follower(source, applied, ended);
    applied.await();
    put(RECORDS + 10, RECORDS + 20);
    closeEnvironment();
    follower.join();
    assertThat(ended.get().reason()).isEqualTo(Reason.SOURCE_CLOSED);
    assertThat(ended.get()).hasCauseInstanceOf(ClosedEnvironmentException.class);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20);
  }

  @Test
  void anInterruptEndsAFollowerCleanlyWhateverItDoes() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    for (int round = 0; round < 20; round++) {
      AtomicReference<StandbyException> ended = new AtomicReference<>();
      Thread follower = follower(source, new CountDownLatch(1), ended);
      put(RECORDS + round * 50, RECORDS + round * 50 + 50);
      Thread.sleep(round * 7L);
      follower.interrupt();
      follower.join();
      assertThat(ended.get()).isNull();
    }
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 20 * 50);
  }
}
