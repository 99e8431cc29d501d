package io.github.bdbstandby.libdb;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Types of log records: the numbers of libdb's {@code src/dbinc_auto/*_auto.h}, part of the log's
 * format.
 */
public enum LogRecordType {
  /** {@code __dbreg_register}: a database was opened or closed, or was open at a checkpoint. */
  DBREG_REGISTER(2),
  /** {@code __txn_regop}: a transaction committed. */
  TXN_COMMIT(10),
  /** {@code __txn_ckp}: a checkpoint. */
  TXN_CHECKPOINT(11),
  /** {@code __txn_child}: a child transaction committed into its parent. */
  TXN_CHILD(12),
  /** {@code __txn_prepare}: a transaction was prepared. */
  TXN_PREPARE(13),
  /** {@code __txn_recycle}: transaction ids begin anew. */
  TXN_RECYCLE(14),
  /** {@code __db_pg_alloc}: a page was allocated. */
  PG_ALLOC(49),
  /** {@code __fop_file_remove}: a file will be removed if the transaction commits. */
  FOP_FILE_REMOVE(141),
  /** {@code __fop_create}: a file was created. */
  FOP_CREATE(143),
  /** {@code __fop_remove}: a file was removed. */
  FOP_REMOVE(144),
  /** {@code __fop_write}: a file's first pages were written. */
  FOP_WRITE(145),
  /** {@code __fop_rename}: a file was renamed. */
  FOP_RENAME(146),
  /** {@code __fop_rename_noundo}: a file was renamed, and an abort leaves it so. */
  FOP_RENAME_NOUNDO(150);

  private static final Map<Integer, LogRecordType> BY_NUMBER =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(LogRecordType::number, Function.identity()));

  private final int number;

  LogRecordType(int number) {
    this.number = number;
  }

  /** The number in the log. */
  public int number() {
    return number;
  }

  static LogRecordType of(int number) {
    LogRecordType type = BY_NUMBER.get(number);
    if (type == null) {
      throw new IllegalArgumentException("no log record type " + number);
    }
    return type;
  }

  static int[] numbers(Set<LogRecordType> types) {
    return types.stream().mapToInt(LogRecordType::number).toArray();
  }
}
