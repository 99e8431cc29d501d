package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;

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
   * Whether a log file ends with the very record that the first one of its successor points to.
   *
   * @param next the log file after it
   * @return false also if that has no record yet, or is gone
   */
  public static boolean leadsTo(LogFile log, LogFile next) throws IOException {
    try (FileChannel here = RegularFile.open(log.path());
        FileChannel there = RegularFile.open(next.path())) {
      RecordHeaders first = new RecordHeaders(there, 0);
      if (!first.next() || first.link() == 0) { // none before it: the log was begun anew there
        return false;
      }
      RecordHeaders records = new RecordHeaders(here, 0);
      long last = -1;
      while (records.next()) {
        last = records.end() - records.length();
      }
      return last == first.link();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Whether a log file lacks the record that the first one of its successor points to: it has been
   * cut short. What may follow that record is for libdb to judge.
   *
   * @param next the log file after it
   * @return false also if that has no record yet, or is gone
   */
  public static boolean isCut(LogFile log, LogFile next) throws IOException {
    try (FileChannel here = RegularFile.open(log.path());
        FileChannel there = RegularFile.open(next.path())) {
      RecordHeaders first = new RecordHeaders(there, 0);
      if (!first.next() || first.link() == 0) {
        return false;
      }
      RecordHeaders records = new RecordHeaders(here, 0);
      while (records.next()) {
        if (records.end() - records.length() == first.link()) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
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
