package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.DatabaseDamagedException;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogSequenceException;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The records of log files that a target has had, and that its recovery will read again: those that
 * tell of names.
 */
public final class HeldLog {
  /** What a record with a wrong sum is to libdb. */
  private static final int EIO = 5;

  private HeldLog() {}

  /**
   * Reads them.
   *
   * @param directory where they lie
   * @param first the lowest that recovery needs
   * @param end where to stop: for what continues them, its beginning. A cycle that was cut off may
   *     have let in more than the target's history has. Zero for all
   */
  public static void readAgain(
      Path directory, long first, Lsn end, EnvironmentOptions options, NameRecords records)
      throws IOException {
    OptionalLong lowest =
        LogFile.in(directory).stream()
            .mapToLong(LogFile::number)
            .filter(
                number ->
                    number >= first && (end.isZero() || new Lsn(number, 0).compareTo(end) < 0))
            .min();
    if (lowest.isPresent()) {
      try (DbEnvironment log =
          DbEnvironment.openPrivate(directory, Set.of(Subsystem.LOG), options)) {
        log.scanLog(new Lsn(lowest.getAsLong(), 0), end, RecoveryStops.TYPES, records);
      }
    }
  }

  /**
   * The same of what recovery can't do without.
   *
   * @throws HeldLogException if a log file is damaged
   */
  public static void readHeld(
      Path directory, long first, Lsn end, EnvironmentOptions options, NameRecords records)
      throws IOException {
    try {
      readAgain(directory, first, end, options, records);
    } catch (DatabaseDamagedException | LogSequenceException e) {
      throw new HeldLogException(e);
    } catch (DbException e) {
      if (e.code() == EIO) {
        throw new HeldLogException(e);
      }
      throw e;
    }
  }
}
