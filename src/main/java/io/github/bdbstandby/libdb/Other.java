package io.github.bdbstandby.libdb;

import java.util.Arrays;

/**
 * A record of a type that has no class here, or whose body has not the form that its class needs (a
 * log from before libdb 4.8).
 *
 * @param lsn where the record is
 * @param transactionId the transaction, 0 for none
 * @param type the record's type
 * @param body all of the record after its type, transaction and previous LSN; owned by the visitor
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record Other(Lsn lsn, long transactionId, LogRecordType type, byte[] body)
    implements LogRecord {

  @Override
  public boolean equals(Object other) {
    return other instanceof Other o
        && lsn.equals(o.lsn)
        && transactionId == o.transactionId
        && type == o.type
        && Arrays.equals(body, o.body);
  }

  @Override
  public int hashCode() {
    return lsn.hashCode();
  }
}
