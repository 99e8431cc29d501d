package io.github.bdbstandby.libdb;

import com.sleepycat.db.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Opens or attaches to an environment thousands of times, in a JVM whose heap is all there from the
 * start, and prints by how much else the process has grown.
 */
final class OpeningsMain {
  private static final int TIMES = 10_000;
  private static final int WARM = 2_000;

  private OpeningsMain() {}

  /** One of them. */
  @FunctionalInterface
  private interface Opening {
    void make(int number) throws Exception;
  }

  /** Arguments: which, its home, and a directory without an environment. */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[1]);
    if (arguments[0].equals("attach")) {
      Environment environment = Official.open(home, Official.privately());
      Official.database(environment, "a.db").close();
      grow(number -> attach(environment, number));
      environment.close();
    } else {
      Path empty = Path.of(arguments[2]);
      EnvironmentOptions options = EnvironmentOptions.builder().cacheBytes(64 * 1024).build();
      grow(number -> open(home, empty, options, number));
    }
  }

  private static void grow(Opening opening) throws Exception {
    long warm = 0;
    for (int i = 0; i < TIMES; i++) {
      if (i == WARM) {
        warm = resident();
      }
      opening.make(i);
    }
    System.out.println("grown " + (resident() - warm));
  }

  private static long resident() throws IOException {
    System.gc();
    return Tools.residentKilobytes();
  }

  private static void attach(Environment environment, int number) {
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      attached.logStatus();
      if (number % 10 == 0) {
        attached.databases();
        attached.firstLsn();
        attached.backupDatabase("a.db", new CollectingSink());
        attached.scanLog(Lsn.ZERO, Lsn.ZERO, Set.of(LogRecordType.TXN_CHECKPOINT), record -> {});
      }
    }
  }

  private static void open(Path home, Path empty, EnvironmentOptions options, int number) {
    try (DbEnvironment env =
        DbEnvironment.openPrivate(home, Set.of(Subsystem.LOG, Subsystem.MPOOL), options)) {
      if (number % 10 == 0) {
        env.logFiles();
        env.firstLsn();
        env.verifyDatabase("accounts-btree-0.db");
      }
    }
    if (number % 10 == 1) {
      try {
        DbEnvironment.join(empty, options);
        throw new IllegalStateException("joined");
      } catch (NoSuchFileDbException e) {
        // as it should
      }
    }
  }
}
