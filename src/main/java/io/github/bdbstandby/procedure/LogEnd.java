package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
      OptionalLong link = link(there);
      RecordHeaders records = new RecordHeaders(here, 0);
      while (link.isPresent() && records.next()) {}
      return link.isPresent() && records.begin() == link.getAsLong();
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
  static boolean isCut(LogFile log, LogFile next) throws IOException {
    try (FileChannel here = RegularFile.open(log.path());
        FileChannel there = RegularFile.open(next.path())) {
      OptionalLong link = link(there);
      RecordHeaders records = new RecordHeaders(here, 0);
      while (link.isPresent() && records.next()) {
        if (records.begin() == link.getAsLong()) {
          return false;
        }
      }
      return link.isPresent();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * The first log file that has been cut short, of those that have a successor among them.
   *
   * @param logs ascending
   */
  public static Optional<LogFile> firstCut(List<LogFile> logs) throws IOException {
    for (int i = 0; i + 1 < logs.size(); i++) {
      LogFile log = logs.get(i);
      LogFile next = logs.get(i + 1);
      if (next.number() == log.number() + 1 && isCut(log, next)) {
        return Optional.of(log);
      }
    }
    return Optional.empty();
  }

  /**
   * Where recovery of some log will end, and libdb go on: in the file before one that has nothing
   * but its own header.
   *
   * @param end where libdb has found it to end
   * @param logs ascending, all that recovery will read from there on
   */
  public static Lsn ofRecords(Lsn end, List<LogFile> logs) throws IOException {
    LogFile before = null;
    for (LogFile log : logs) {
      if (log.number() == end.file() && before != null && isBare(log, end.offset())) {
        return of(before, 0);
      }
      before = log;
    }
    return end;
  }

  /**
   * Whether nothing in a log file is whole but its header, which libdb writes as a first record.
   *
   * @param end where what is whole ends
   */
  private static boolean isBare(LogFile log, long end) throws IOException {
    try (FileChannel channel = RegularFile.open(log.path())) {
      RecordHeaders records = new RecordHeaders(channel, 0);
      return !records.next() || end <= records.end();
    }
  }

  /**
   * Whether a record that is not whole is followed by another: nobody was writing it when the file
   * was copied.
   *
   * @param from where the first begins that is not whole, or will begin
   */
  public static boolean goesOnBehind(LogFile log, long from) throws IOException {
    try (FileChannel channel = RegularFile.open(log.path())) {
      RecordHeaders records = new RecordHeaders(channel, from);
      boolean begun = records.next();
      return (begun && records.next()) || RecordHeaders.areBehind(channel, from);
    }
  }

  /** Where in the file before its first record points; empty if the log was begun anew there. */
  private static OptionalLong link(FileChannel log) throws IOException {
    RecordHeaders first = new RecordHeaders(log, 0);
    return first.next() && first.link() != 0 ? OptionalLong.of(first.link()) : OptionalLong.empty();
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
