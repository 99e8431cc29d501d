package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Optional;

/**
 * When the first of the transactions that a stretch of log commits was committed.
 *
 * <p>libdb notes it in the commit's record, {@code __txn_regop}, in whole seconds. Only in logs
 * that are not encrypted: there the records can't be read without libdb.
 */
public final class OldestCommit {
  private static final int DEBUG_FLAG = 0x8000_0000;
  private static final int TXN_REGOP = 10;
  private static final int TXN_COMMIT = 1;

  // The header is 12 bytes long; type, transaction and its previous LSN follow, then the fields.
  private static final int TYPE_AT = 12;
  private static final int OPCODE_AT = 28;
  private static final int TIMESTAMP_AT = 32;
  private static final int LENGTH = 36;

  private OldestCommit() {}

  /**
   * Looks for it in one log file.
   *
   * @param from where a record begins or will begin
   * @return empty if nothing is committed from there on
   */
  public static Optional<Instant> in(FileChannel log, long from) throws IOException {
    RecordHeaders records = new RecordHeaders(log, from);
    while (records.next()) {
      if (isCommit(records)) {
        return Optional.of(Instant.ofEpochSecond(records.intAt(TIMESTAMP_AT)));
      }
    }
    return Optional.empty();
  }

  /** Whether the record that they have come to commits a transaction. */
  static boolean isCommit(RecordHeaders records) throws IOException {
    return records.length() >= LENGTH
        && (records.intAt(TYPE_AT) & ~DEBUG_FLAG) == TXN_REGOP
        && records.intAt(OPCODE_AT) == TXN_COMMIT;
  }
}
