package io.github.bdbstandby.bench.peer;

import com.sleepycat.db.BackupOptions;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import java.io.File;

/** A program with the official Java API that backs up an environment and recovers the copy. */
public final class OfficialBackup {
  /** As much as anybody would give it; libdb's default makes recovery many times slower. */
  private static final long CACHE = 64L << 20;

  private OfficialBackup() {}

  /** {@code SOURCE BACKUP whole|update PASSWORD}; the password may be empty. */
  public static void main(String[] args) throws Exception {
    boolean update = args[2].equals("update");
    Environment source = new Environment(new File(args[0]), config(args));
    BackupOptions options = new BackupOptions();
    options.setAllowCreate(!update);
    options.setUpdate(update);
    options.setClean(update);
    source.backup(args[1], options);
    source.close();
    EnvironmentConfig recovery = config(args);
    recovery.setPrivate(true);
    recovery.setAllowCreate(true);
    recovery.setCacheSize(CACHE);
    recovery.setRunFatalRecovery(true);
    new Environment(new File(args[1]), recovery).close();
  }

  private static EnvironmentConfig config(String[] args) {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    if (!args[3].isEmpty()) {
      config.setEncrypted(args[3]);
    }
    return config;
  }
}
