package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The log files that were shipped, opened to be read: all that the source had flushed is there. */
final class GatheredLog {
  private static final int READS_OF_FILES = 11;
  private static final int READS = 2;

  private GatheredLog() {}

  /**
   * Opens them, shipped again if they end too early.
   *
   * @param flushed what the source had flushed before they were shipped
   * @param passive whether nobody was asked: what follows a half-written record may then be what a
   *     crash has left, and the log ends there
   */
  static DbEnvironment open(
      LogShipper logs, Lsn flushed, boolean passive, EnvironmentOptions options)
      throws IOException {
    for (int read = 1; ; read++) {
      DbEnvironment log =
          DbEnvironment.openPrivate(logs.incoming(), Set.of(Subsystem.LOG), options);
      Lsn end = endOf(log);
      boolean last = read == (passive ? READS_OF_FILES : READS);
      if (end.compareTo(flushed) >= 0 || (last && passive)) {
        return log;
      }
      log.close();
      if (last) {
        throw new IOException(
            FileNames.shown(logs.incoming())
                + ": the log gathered ends at "
                + end
                + ", but the source has flushed it to "
                + flushed);
      }
      if (read > 1) {
        awaitWriter(); // read while it is written
      }
      logs.reread();
    }
  }

  private static Lsn endOf(DbEnvironment log) {
    try {
      return log.logStatus().end();
    } catch (RuntimeException e) {
      try (log) {
        throw e;
      }
    }
  }

  private static void awaitWriter() throws InterruptedIOException {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the source was writing its log");
    }
  }
}
