package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sleepycat.db.Database;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Borrowed handles: of the official API, and of native code. */
final class AttachTest {

  private static final int RTLD_LAZY = 1;

  @TempDir Path temp;

  @Test
  void aPrivateEnvironmentAnswers() throws Exception {
    Environment environment = Official.open(temp.resolve("home"), Official.privately());
    Database database = Official.database(environment, "a.db");
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      Official.put(database, 1, "one");
      assertThat(attached.home()).isEqualTo(temp.resolve("home"));
      assertThat(attached.isPrivate()).isTrue();
      assertThat(attached.subsystems()).contains(Subsystem.TXN, Subsystem.LOG, Subsystem.MPOOL);
      assertThat(attached.databases().names())
          .containsExactly(temp.resolve("home/a.db").toString());
      assertThat(attached.logFiles().logFiles()).hasSize(1);
      assertThat(attached.encrypted()).isFalse();
      assertThat(attached.lastLsn()).isPresent();
      attached.flushLog();
      assertThat(attached.logStatus().onDisk()).isGreaterThan(attached.lastLsn().orElseThrow());
      attached.checkpoint(true);
      attached.holdHotBackup();
      assertThat(attached.hotBackupInProgress()).isTrue();
      attached.releaseHotBackup();
      CollectingSink sink = new CollectingSink();
      attached.backupDatabase("a.db", sink);
    }
    Official.put(database, 2, "two"); // still the application's
    database.close();
    environment.close();
  }

  /** The directories are the handle's, wherever they were set. */
  @Test
  void directoriesSetInCodeAreKnown() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.createDirectories(home.resolve("data"));
    Files.createDirectories(home.resolve("log"));
    EnvironmentConfig config = Official.privately();
    config.addDataDir(new File("data"));
    config.setLogDirectory(new File("log"));
    Environment environment = Official.open(home, config);
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      assertThat(attached.dataDirectories()).containsExactly("data");
      assertThat(attached.logDirectory()).contains("log");
    }
    environment.close();
  }

  @Test
  void theApplicationsHandlersAreLeftAndGetWhatLibdbSays() throws Exception {
    List<String> said = new ArrayList<>();
    EnvironmentConfig config = Official.privately();
    config.setErrorHandler((of, prefix, message) -> said.add(message));
    Environment environment = Official.open(temp.resolve("home"), config);
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      assertThatThrownBy(() -> attached.backupDatabase("none.db", new CollectingSink()))
          .isInstanceOf(NoSuchFileDbException.class);
      assertThat(said).isNotEmpty();
      assertThatThrownBy(attached::releaseHotBackup).isInstanceOf(DbException.class);
      assertThatIllegalStateException().isThrownBy(() -> attached.verifyDatabase("a.db"));
      assertThatIllegalStateException().isThrownBy(() -> new DatabaseCensus(attached).of("a.db"));
      assertThatIllegalStateException().isThrownBy(attached::panic);
    }
    environment.close();
  }

  @Test
  void anEnvironmentClosedByItsApplicationThrows() throws Exception {
    Environment environment = Official.open(temp.resolve("home"), Official.privately());
    DbEnvironment attached = DbEnvironment.attach(environment);
    environment.close();
    assertThatThrownBy(attached::logStatus).isInstanceOf(ClosedEnvironmentException.class);
    assertThatThrownBy(() -> DbEnvironment.attach(environment))
        .isInstanceOf(ClosedEnvironmentException.class);
    attached.close();
    attached.close();
    assertThat(attached.isClosed()).isTrue();
  }

  @Test
  void anAttachmentThatIsClosedThrowsAndTheEnvironmentGoesOn() throws Exception {
    Environment environment = Official.open(temp.resolve("home"), Official.privately());
    DbEnvironment attached = DbEnvironment.attach(environment);
    DbEnvironment second = DbEnvironment.attach(environment);
    assertThat(second.attachment()).isEqualTo(attached.attachment()).isPresent();
    attached.close();
    assertThatThrownBy(attached::logStatus).isInstanceOf(ClosedEnvironmentException.class);
    assertThat(second.logStatus()).isNotNull();
    second.close();
    environment.close();
  }

  @Test
  void whatIsNoneIsRefused() throws Exception {
    assertThatNullPointerException().isThrownBy(() -> DbEnvironment.attach(null));
    assertThatIllegalArgumentException().isThrownBy(() -> DbEnvironment.attach("an environment"));
    assertThatIllegalArgumentException().isThrownBy(() -> DbEnvironment.attach(0L));
    for (long pointer : new long[] {1, 8, -1, Long.MAX_VALUE, 0x7f00_0000_0000L}) {
      assertThatThrownBy(() -> DbEnvironment.attach(pointer))
          .isInstanceOf(VersionMismatchException.class);
    }
    try (Memory memory = new Memory(1 << 16)) {
      memory.clear();
      assertThatThrownBy(() -> DbEnvironment.attach(Pointer.nativeValue(memory)))
          .isInstanceOf(VersionMismatchException.class);
    }
    EnvironmentConfig single = Official.privately();
    single.setThreaded(false);
    Environment environment = Official.open(temp.resolve("single"), single);
    assertThatIllegalStateException()
        .isThrownBy(() -> DbEnvironment.attach(environment))
        .withMessageContaining("DB_THREAD");
    environment.close();
  }

  /** A handle of another libdb is told by the library that its functions are in, uncalled. */
  @Test
  void anotherVersionIsRefused() {
    // Not for all to see, as JNA does it: a db_version that is would be taken for libdb's own.
    NativeLibrary other =
        NativeLibrary.getInstance(
            System.getProperty("bdbstandby.other.library"),
            Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY));
    for (int whole = 0; whole <= 1; whole++) {
      Pointer env =
          (Pointer) other.getFunction("other_env").invoke(Pointer.class, new Object[] {whole});
      String expected = whole == 0 ? "no DB_ENV of Berkeley DB 5.3" : "6.2.32";
      assertThatThrownBy(() -> DbEnvironment.attach(Pointer.nativeValue(env)))
          .isInstanceOf(VersionMismatchException.class)
          .hasMessageContaining(expected);
      other.getFunction("other_free").invoke(new Object[] {env});
    }
  }

  @Test
  void aHandleOfNativeCodeAnswers() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Pointer env = NativeOrders.LIBRARY.orders_open(home.toString(), NativeOrders.privately());
    Pointer book = NativeOrders.LIBRARY.orders_book(env);
    NativeOrders.LIBRARY.orders_place(env, book, 1, 100);
    try (DbEnvironment attached = DbEnvironment.attach(Pointer.nativeValue(env))) {
      assertThat(attached.home()).isEqualTo(home);
      assertThat(attached.databases().names())
          .containsExactly(home.resolve("orders.db").toString());
      attached.backupDatabase("orders.db", new CollectingSink());
      assertThatThrownBy(() -> attached.backupDatabase("none.db", new CollectingSink()))
          .isInstanceOf(NoSuchFileDbException.class);
    }
    assertThat(NativeOrders.LIBRARY.orders_total(book)).isEqualTo(100);
    assertThat(NativeOrders.LIBRARY.orders_close(env, book)).isZero();
  }

  private static NativeLibrary allocating() {
    return NativeLibrary.getInstance(System.getProperty("bdbstandby.allocating.library"));
  }

  /** An environment with an allocator of the application's own. */
  private Pointer open(NativeLibrary application) throws IOException {
    Path home = Files.createDirectories(temp.resolve("home"));
    Object[] opening = {home.toString(), NativeOrders.privately()};
    return (Pointer) application.getFunction("allocating_open").invoke(Pointer.class, opening);
  }

  /** What libdb allocates for us goes back to the application's own allocator. */
  @Test
  void theApplicationsAllocatorIsRespected() throws Exception {
    NativeLibrary application = allocating();
    Pointer env = open(application);
    Pointer book = NativeOrders.LIBRARY.orders_book(env);
    NativeOrders.LIBRARY.orders_place(env, book, 1, 100);
    long before = application.getFunction("allocating_blocks").invokeLong(new Object[0]);
    try (DbEnvironment attached = DbEnvironment.attach(Pointer.nativeValue(env))) {
      for (int i = 0; i < 100; i++) {
        attached.logStatus();
        attached.logFiles();
        attached.databases();
        attached.preparedTransactions();
        attached.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.PG_ALLOC), record -> {});
        attached.backupDatabase("orders.db", new CollectingSink());
      }
    }
    assertThat(application.getFunction("allocating_blocks").invokeLong(new Object[0]))
        .isEqualTo(before);
    assertThat(NativeOrders.LIBRARY.orders_close(env, book)).isZero();
  }

  /**
   * libdb measures the names of files, asks the application for a block and copies the names, which
   * may have become longer: the block is the application's, and so would be the damage.
   */
  @Test
  void cachedFilesAreNotAskedInItsMemory() throws Exception {
    NativeLibrary application = allocating();
    Pointer env = open(application);
    Pointer book = NativeOrders.LIBRARY.orders_book(env);
    NativeOrders.LIBRARY.orders_place(env, book, 1, 100);
    try (DbEnvironment attached = DbEnvironment.attach(Pointer.nativeValue(env));
        Memory from = new Memory(64);
        Memory to = new Memory(512)) {
      from.setString(0, "other.db");
      to.setString(0, "x".repeat(200) + ".db");
      Object[] names = {env, from, to};
      assertThat(application.getFunction("allocating_rename_next").invokeInt(names)).isZero();
      assertThatThrownBy(attached::cachedFiles).isInstanceOf(IllegalStateException.class);
    } finally {
      application.getFunction("allocating_rename_none").invokeVoid(new Object[0]);
      assertThat(application.getFunction("allocating_overruns").invokeLong(new Object[0])).isZero();
    }
    assertThat(NativeOrders.LIBRARY.orders_close(env, book)).isZero();
  }

  @Test
  void aHandleForOneThreadIsRefused() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Pointer env = NativeOrders.LIBRARY.orders_open(home.toString(), Shim.constant("DB_PRIVATE"));
    assertThatIllegalStateException()
        .isThrownBy(() -> DbEnvironment.attach(Pointer.nativeValue(env)));
    assertThat(NativeOrders.LIBRARY.orders_close(env, null)).isZero();
  }

  @Test
  void handlesOfOurOwnHaveNoAttachment() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (DbEnvironment own = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      assertThat(own.attachment()).isEqualTo(Optional.empty());
      assertThat(own.isPrivate()).isFalse();
    }
  }

  @Test
  void tenThousandAttachmentsKeepTheirMemory() throws Exception {
    assertThat(Growth.kilobytes(temp, "attach", temp.resolve("home").toString()))
        .as("growth in kB over 8,000 attachments")
        .isLessThan(24_000);
  }
}
