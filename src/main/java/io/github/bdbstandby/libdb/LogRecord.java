package io.github.bdbstandby.libdb;

/** A log record, read. Names are as {@link FileNames} spells bytes. */
public sealed interface LogRecord
    permits FileRegistration,
        FileCreated,
        FileRemoved,
        FileRenamed,
        CheckpointRecord,
        PageAllocated,
        Other {

  /** Where the record is. */
  Lsn lsn();

  /** The transaction that wrote it: an unsigned 32-bit number, 0 for none. */
  long transactionId();
}
