package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
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
   * Where the records of a log file end.
   *
   * @param from an offset in it where a record begins or will begin
   * @return where the next record will go
   * @throws java.nio.file.NoSuchFileException if it was removed
   * @throws IOException if it can't be read
   */
  public static Lsn of(LogFile log, long from) throws IOException {
    try (FileChannel channel = RegularFile.open(log.path())) {
      return new Lsn(log.number(), of(channel, from));
    }
  }

  /**
   * Walks the records.
   *
   * @param from where a record begins or will begin
   * @return where the next record will go
   */
  static long of(FileChannel log, long from) throws IOException {
    RecordHeaders records = new RecordHeaders(log, from);
    while (records.next()) {}
    return records.end();
  }
}
