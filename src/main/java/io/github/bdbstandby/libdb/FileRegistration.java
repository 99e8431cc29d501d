package io.github.bdbstandby.libdb;

/**
 * {@code __dbreg_register}: ties a database file to the number by which other records name it.
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param opcode what happened, one of the constants here; libdb's flags above the lowest four bits
 *     are left in {@code flags}
 * @param name as the application opened it; null for a database in memory without one
 * @param fileId of the file
 * @param databaseType 1 btree, 2 hash, 3 recno, 4 queue, 5 unknown, 6 heap ({@code DBTYPE})
 * @param metaPage the database's meta page: 0, or that of a database inside a file
 * @param flags the opcode's upper bits
 * @param logFileId the number in other records; -1 for none
 */
public record FileRegistration(
    Lsn lsn,
    long transactionId,
    int opcode,
    String name,
    FileId fileId,
    long databaseType,
    long metaPage,
    int flags,
    int logFileId)
    implements LogRecord {

  /** Open at a checkpoint. */
  public static final int CHECKPOINT = 1;

  /** Closed. */
  public static final int CLOSE = 2;

  /** Opened. */
  public static final int OPEN = 3;

  /** Opened in the cache only. */
  public static final int PREOPEN = 4;

  /** Closed after recovery. */
  public static final int CLOSE_AFTER_RECOVERY = 5;

  /** A database in memory, opened. */
  public static final int REOPEN = 6;

  /** Open, exclusively, at a checkpoint. */
  public static final int EXCLUSIVE_CHECKPOINT = 7;

  /** Opened exclusively. */
  public static final int EXCLUSIVE_OPEN = 8;

  /** A database in memory, opened exclusively. */
  public static final int EXCLUSIVE_REOPEN = 9;

  /** Whether the record says that the database was closed. */
  public boolean isClose() {
    return opcode == CLOSE || opcode == CLOSE_AFTER_RECOVERY;
  }

  /** Whether the database is in no file. */
  public boolean isInMemory() {
    return opcode == REOPEN || opcode == EXCLUSIVE_REOPEN;
  }

  /** Whether it says by what name a file is open. */
  public boolean namesFile() {
    return name != null && !isClose() && !isInMemory();
  }

  /** The name's bytes; null if there is none. */
  public byte[] rawName() {
    return name == null ? null : FileNames.encode(name);
  }
}
