package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.LogSequenceException;
import io.github.bdbstandby.libdb.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the records of a stretch of log that begins where a standby's history ends. No record need
 * begin just there: the source may have gone on in the next file.
 */
final class LogStretch {
  private LogStretch() {}

  /** The records of these types from {@code from} on, before {@code to} (zero for the end). */
  static List<LogRecord> read(EnvironmentView log, Lsn from, Lsn to, Set<LogRecordType> types) {
    if (!to.isZero() && from.compareTo(to) >= 0) {
      return List.of();
    }
    List<LogRecord> records = new ArrayList<>();
    try {
      log.scanLog(from, to, types, records::add);
    } catch (LogSequenceException e) {
      if (!records.isEmpty() || from.offset() == 0) {
        throw e;
      }
      log.scanLog(
          new Lsn(from.file(), 0),
          to,
          types,
          each -> {
            if (each.lsn().compareTo(from) >= 0) {
              records.add(each);
            }
          });
    }
    return records;
  }
}
