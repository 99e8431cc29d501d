package io.github.bdbstandby.libdb;

/**
 * {@code __fop_remove} or {@code __fop_file_remove}: a file was removed.
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param name of the file
 * @param fileId of the file
 * @param appname as in {@link FileCreated}
 * @param type which of the two
 */
public record FileRemoved(
    Lsn lsn, long transactionId, String name, FileId fileId, int appname, LogRecordType type)
    implements LogRecord {

  /** The name's bytes. */
  public byte[] rawName() {
    return FileNames.encode(name);
  }
}
