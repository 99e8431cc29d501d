package io.github.bdbstandby.libdb;

/**
 * {@code __fop_rename}: a file was renamed.
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param oldName before
 * @param newName after
 * @param fileId of the file
 * @param directory the data directory; empty for none
 * @param appname as in {@link FileCreated}
 * @param undoable whether an abort takes it back ({@code __fop_rename_noundo} if not)
 */
public record FileRenamed(
    Lsn lsn,
    long transactionId,
    String oldName,
    String newName,
    FileId fileId,
    String directory,
    int appname,
    boolean undoable)
    implements LogRecord {

  /** The old name's bytes. */
  public byte[] rawOldName() {
    return FileNames.encode(oldName);
  }

  /** The new name's bytes. */
  public byte[] rawNewName() {
    return FileNames.encode(newName);
  }
}
