package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Where the records of a log file end. Its size does not tell: libdb extends a log file to its full
 * size with the first write. The last records may still be half written: only libdb's checksums can
 * tell.
 */
public final class LogEnd {
  private LogEnd() {}

  /**
   * Walks the records.
   *
   * @param from where a record begins or will begin
   * @return where the next record will go
   */
  public static long of(FileChannel log, long from) throws IOException {
    RecordHeaders records = new RecordHeaders(log, from);
    while (records.next()) {}
    return records.end();
  }
}
