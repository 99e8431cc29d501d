package io.github.bdbstandby.libdb;

import java.time.Instant;

/**
 * {@code __txn_ckp}: a checkpoint.
 *
 * @param lsn where the record is
 * @param checkpointLsn recovery needs the log from here on
 * @param previous the checkpoint record before this one; zero if it is the first
 * @param time when, in whole seconds
 * @param environmentId the environment's id, made anew with its regions: an unsigned 32-bit number
 */
public record CheckpointRecord(
    Lsn lsn, Lsn checkpointLsn, Lsn previous, Instant time, long environmentId)
    implements LogRecord {

  /** Checkpoints belong to no transaction: 0. */
  @Override
  public long transactionId() {
    return 0;
  }
}
