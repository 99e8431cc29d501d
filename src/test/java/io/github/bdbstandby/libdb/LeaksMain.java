package io.github.bdbstandby.libdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes every call of the shim, well and badly, and prints how many blocks of the shim's and of
 * libdb's are left after many more of the same. In a JVM that the counting library is loaded into.
 */
final class LeaksMain {
  private static final int WARM = 3;
  private static final int TIMES = 20;
  private static final int PAGES = 200;
  private static final int PAGE_SIZE = 4096;

  /** {@code test-envs/leaks}. */
  interface Counter extends Library {
    Counter COUNTER = Native.load(System.getProperty("bdbstandby.leaks.library"), Counter.class);

    int leaks_watch(String name);

    long leaks_count();

    long leaks_seen();
  }

  /** Some calls, complete in themselves. */
  @FunctionalInterface
  private interface Calls {
    void make() throws Exception;
  }

  private final Path work;
  private final EnvironmentOptions options = EnvironmentOptions.defaults();

  private LeaksMain(Path work) {
    this.work = work;
  }

  public static void main(String[] arguments) throws Exception {
    LeaksMain leaks = new LeaksMain(Path.of(arguments[0]));
    leaks.prepare();
    DbEnvironment.version(); // loads the shim and its libdb
    for (String library : new String[] {"libbdbstandby", "libdb-5.3", "libdb_java-5.3"}) {
      System.out.println("watched " + library + " " + Counter.COUNTER.leaks_watch(library));
    }
    for (Map.Entry<String, Calls> each : leaks.calls().entrySet()) {
      count(each.getKey(), each.getValue());
    }
    leaks.printHeld();
  }

  private static void count(String name, Calls calls) throws Exception {
    for (int i = 0; i < WARM; i++) {
      calls.make();
    }
    long before = Counter.COUNTER.leaks_count();
    long seen = Counter.COUNTER.leaks_seen();
    for (int i = 0; i < TIMES; i++) {
      calls.make();
    }
    System.out.println(
        "left "
            + (Counter.COUNTER.leaks_count() - before)
            + " of "
            + (Counter.COUNTER.leaks_seen() - seen)
            + ": "
            + name);
  }

  /** That the counter sees: an open handle is some blocks. */
  private void printHeld() {
    long before = Counter.COUNTER.leaks_count();
    try (DbEnvironment open = join()) {
      System.out.println("held " + (Counter.COUNTER.leaks_count() - before) + " by " + open);
    }
  }

  private Path home() {
    return work.resolve("home");
  }

  private void prepare() throws Exception {
    Environment environment = Official.open(home(), Official.config());
    Database database = Official.database(environment, "a.db");
    for (int i = 0; i < 5_000; i++) {
      Official.put(database, i, "value " + i);
    }
    database.close();
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.BTREE);
    for (int i = 0; i < 3; i++) {
      environment.openDatabase(null, "many.db", "database " + i, config).close();
    }
    environment.close();
    Environment secret = Official.open(work.resolve("secret"), secretly("open sesame"));
    secret.close();
    Files.copy(home().resolve("a.db"), home().resolve("damaged.db"));
    try (RandomAccessFile file =
        new RandomAccessFile(home().resolve("damaged.db").toFile(), "rw")) {
      for (long page = 1; page < Math.min(PAGES, file.length() / PAGE_SIZE); page++) {
        file.seek(page * PAGE_SIZE);
        file.write(new byte[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7});
        file.write(new byte[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7});
      }
    }
  }

  private static com.sleepycat.db.EnvironmentConfig secretly(String password) {
    com.sleepycat.db.EnvironmentConfig config = Official.privately();
    config.setEncrypted(password);
    return config;
  }

  private DbEnvironment join() {
    return DbEnvironment.join(home(), options);
  }

  private Map<String, Calls> calls() {
    Map<String, Calls> calls = new LinkedHashMap<>();
    calls.put("constants", LeaksMain::askConstants);
    calls.put("joining", () -> join().close());
    calls.put("listings", this::list);
    calls.put("log", this::readLog);
    calls.put("backups", this::backUp);
    calls.put("census", this::countRecords);
    calls.put("damage", this::verify);
    calls.put("openings that fail", this::failToOpen);
    calls.put("a wrong password", this::mistakePassword);
    calls.put("directories and passwords", this::openSecret);
    calls.put("recovery", this::recover);
    calls.put("attaching", this::attach);
    return calls;
  }

  private static void askConstants() {
    Shim.constant("DB_CREATE");
    Shim.strerror(5);
    Shim.fullVersion();
    expect(() -> Shim.constant("NONE"), LinkageError.class);
  }

  private void list() {
    try (DbEnvironment env = join()) {
      askAll(env);
      env.cachedFiles();
    }
  }

  private static void askAll(DbEnvironment env) {
    env.logStatus();
    env.logFiles();
    env.databases();
    env.inactiveLogFiles();
    env.preparedTransactions();
    env.dataDirectories();
    env.logDirectory();
    env.metadataDirectory();
    env.flushLog();
    env.checkpoint(true);
  }

  private void readLog() {
    try (DbEnvironment env = join()) {
      env.scanLog(Lsn.ZERO, Lsn.ZERO, EnumSet.allOf(LogRecordType.class), record -> {});
      expect(
          () -> env.scanLog(new Lsn(1, 31), Lsn.ZERO, Set.of(LogRecordType.PG_ALLOC), r -> {}),
          RuntimeException.class);
    }
  }

  private void backUp() {
    try (DbEnvironment env = join()) {
      env.backupDatabase("a.db", new CollectingSink());
      expect(() -> env.backupDatabase("none.db", new CollectingSink()), DbException.class);
      expect(() -> env.backupDatabase("a.db", new Refusing()), RuntimeException.class);
    }
  }

  private void countRecords() {
    try (DbEnvironment env = join()) {
      DatabaseCensus census = new DatabaseCensus(env);
      census.of("a.db");
      census.of("many.db");
      expect(() -> census.of("none.db"), DbException.class);
    }
  }

  private void verify() {
    try (DbEnvironment env =
        DbEnvironment.openPrivate(
            damaged(), Set.of(Subsystem.MPOOL), EnvironmentOptions.defaults())) {
      expect(() -> env.verifyDatabase("damaged.db"), DbException.class);
    }
  }

  private Path damaged() {
    Path apart = work.resolve("apart");
    try {
      if (!Files.exists(apart)) {
        Files.createDirectory(apart);
        Files.move(home().resolve("damaged.db"), apart.resolve("damaged.db"));
      }
      return apart;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void failToOpen() {
    expect(() -> DbEnvironment.join(work.resolve("nowhere"), options), DbException.class);
    expect(() -> Shim.doubleWriteBegin("/nowhere/at/all".getBytes(UTF_8)), DbException.class);
  }

  /** libdb 5.3 itself keeps two blocks of each. */
  private void mistakePassword() {
    expect(
        () ->
            DbEnvironment.openPrivate(
                work.resolve("secret"), Set.of(Subsystem.LOG), withPassword("another")),
        DbException.class);
  }

  private static EnvironmentOptions withPassword(String password) {
    return EnvironmentOptions.builder().password(password.getBytes(UTF_8)).build();
  }

  private void openSecret() {
    EnvironmentOptions all =
        withPassword("open sesame").toBuilder().addDataDirectory("data").build();
    DbEnvironment.openPrivate(work.resolve("secret"), Set.of(Subsystem.MPOOL), all).close();
  }

  private void recover() throws IOException {
    Path copy = Tools.copyHome(home(), Files.createDirectory(work.resolve("copy")));
    DbEnvironment.recover(
        copy, RecoveryOptions.catastrophic(options).through(work.resolve("slot")), percent -> {});
    org.apache.commons.io.FileUtils.deleteDirectory(copy.toFile());
  }

  private void attach() throws Exception {
    Environment environment = Official.open(work.resolve("private"), Official.privately());
    Database database = Official.database(environment, "a.db");
    try (DbEnvironment env = DbEnvironment.attach(environment)) {
      askAll(env);
      env.backupDatabase("a.db", new CollectingSink());
    }
    database.close();
    environment.close();
  }

  private static void expect(Runnable call, Class<? extends Throwable> type) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      if (type.isInstance(e)) {
        return;
      }
      throw e;
    }
    throw new IllegalStateException("nothing was thrown");
  }

  /** A sink that its caller must unwind from. */
  private static final class Refusing implements BackupSink {
    @Override
    public void open(String name) {}

    @Override
    public void write(String name, long offset, ByteBuffer bytes) {
      throw new IllegalStateException("full");
    }

    @Override
    public void close(String name) {}
  }
}
