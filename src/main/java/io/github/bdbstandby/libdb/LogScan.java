package io.github.bdbstandby.libdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the log by cursor ({@code DB_ENV->log_cursor}), in batches. One scan, one cursor, one
 * thread.
 */
final class LogScan implements AutoCloseable {

  private static final int MOST_BYTES = 256 * 1024;
  private static final int MOST_RECORDS = 16 * 1024;
  private static final int MORE = 0;
  private static final int END_OF_LOG = 1;

  private final long env;
  private final long cursor;

  /** Where the last record was that the cursor saw; zero if none. */
  private Lsn last = Lsn.ZERO;

  private LogScan(long env) {
    this.env = env;
    this.cursor = Shim.logCursor(env);
  }

  /**
   * The place of the first or last record ({@code DB_FIRST}, {@code DB_LAST}); empty if there is no
   * log record.
   */
  static Optional<Lsn> edge(long env, String position) {
    try (LogScan scan = new LogScan(env)) {
      scan.batch(Shim.constant(position), Lsn.ZERO, Lsn.ZERO, new int[0], 1, record -> {});
      return scan.last.isZero() ? Optional.empty() : Optional.of(scan.last);
    }
  }

  /**
   * Visits the records of these types, and sees that none before the end wanted was missing; see
   * {@link EnvironmentView#scanLog}.
   */
  static void whole(
      long env,
      Path home,
      Lsn from,
      Lsn to,
      Set<LogRecordType> types,
      Consumer<LogRecord> visitor) {
    Optional<Lsn> last = edge(env, "DB_LAST");
    Lsn reached;
    try (LogScan scan = new LogScan(env)) {
      reached = scan.visit(from, to, types, visitor);
    }
    // libdb takes a missing log file, and a start that is no record, for the end of the log.
    Lsn wanted =
        !to.isZero() && last.isPresent() && to.compareTo(last.get()) <= 0
            ? to
            : last.orElse(Lsn.ZERO);
    boolean nothingThere = !from.isZero() && from.compareTo(wanted) > 0;
    if (reached.compareTo(wanted) < 0 && !nothingThere) {
      throw new LogSequenceException(
          ErrorCodes.valueOf("DB_NOTFOUND"),
          "DB_LOGC->get " + FileNames.shown(home),
          List.of(
              reached.isZero()
                  ? "no log record is at LSN " + from
                  : "the log has a hole after LSN "
                      + reached
                      + ", its last record is at "
                      + last.get()));
    }
  }

  /**
   * Visits the records of these types, ascending.
   *
   * @return where the last record was that was looked at; zero if none
   */
  private Lsn visit(Lsn from, Lsn to, Set<LogRecordType> types, Consumer<LogRecord> visitor) {
    int[] numbers = LogRecordType.numbers(types);
    int status = MORE;
    for (int position = Shim.constant(from.isZero() ? "DB_FIRST" : "DB_SET"); status == MORE; ) {
      if (Thread.currentThread().isInterrupted()) {
        throw new OperationCancelledException("DB_LOGC->get");
      }
      status =
          batch(
              position,
              position == Shim.constant("DB_SET") ? from : last,
              to,
              numbers,
              MOST_RECORDS,
              visitor);
      position = Shim.constant("DB_NEXT");
    }
    return status == END_OF_LOG ? last : to;
  }

  private int batch(
      int position, Lsn from, Lsn to, int[] types, int mostRecords, Consumer<LogRecord> visitor) {
    byte[] batch =
        Shim.logRecords(
            env, cursor, position, from.packed(), to.packed(), types, MOST_BYTES, mostRecords);
    ByteBuffer in = ByteBuffer.wrap(batch).order(ByteOrder.nativeOrder());
    int status = in.getInt();
    Lsn seen = lsn(in);
    if (!seen.isZero()) {
      last = seen;
    }
    while (in.hasRemaining()) {
      Lsn lsn = lsn(in);
      LogRecordType type = LogRecordType.of(in.getInt());
      byte[] record = new byte[in.getInt()];
      in.get(record);
      visitor.accept(LogRecords.read(lsn, type, record));
    }
    return status;
  }

  private static Lsn lsn(ByteBuffer in) {
    int file = in.getInt();
    return Lsn.ofInts(file, in.getInt());
  }

  @Override
  public void close() {
    Shim.logCursorClose(env, cursor);
  }
}
