package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sleepycat.db.DatabaseConfig;
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
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that this process has open: what holds for any source, and what can go wrong here only.
 */
final class AttachedSourceTest extends AttachedApplication {
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

  /** A private environment's hold went with it, and no region file tells of the next one's. */
  @Test
  void bulkLoadAfterARestartIsInTheWayOfAFailover() throws Exception {
    snapshot(open());
    attached.close();
    attached = null;
    closeEnvironment();
    EnvironmentConfig recovering = config();
    recovering.setRunRecovery(true);
    environment = new Environment(home.toFile(), recovering);
    openDatabase();
    TransactionConfig bulk = new TransactionConfig();
    bulk.setBulk(true);
    Transaction loading = environment.beginTransaction(null, bulk);
    for (int i = RECORDS; i < 10 * RECORDS; i++) {
      database.put(loading, entry(i), entry(i));
    }
    loading.commit();
    closeEnvironment();
    assertThat(
            thrownBy(() -> standby.failover(FailoverOptions.defaults(), StandbyListener.NONE))
                .reason())
        .isEqualTo(Reason.BULK_LOAD);
  }
}
