package io.github.bdbstandby.libdb;

/**
 * {@code __db_pg_alloc}: a page was allocated.
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param page the page's number
 * @param previousLastPage the file's last page before
 * @param logFileId the file, as {@link FileRegistration#logFileId} names it
 * @param pageType the type that it got
 */
public record PageAllocated(
    Lsn lsn, long transactionId, long page, long previousLastPage, int logFileId, long pageType)
    implements LogRecord {}
