package io.github.bdbstandby.libdb;

/**
 * {@code __fop_create}: a file was created. libdb makes a database under a temporary name ({@code
 * __db.…}); its own name is in the {@link FileRenamed} that follows.
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param name of the file
 * @param appname what libdb puts it under ({@code APPNAME}: 0 none, 1 data, 2 log, 3 metadata, 4
 *     recovery, 5 temporary)
 * @param directory the data directory chosen; empty for none
 */
public record FileCreated(Lsn lsn, long transactionId, String name, int appname, String directory)
    implements LogRecord {

  /** The name's bytes. */
  public byte[] rawName() {
    return FileNames.encode(name);
  }
}
