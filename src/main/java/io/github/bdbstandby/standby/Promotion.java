package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.GlobalTransactionId;
import java.util.List;

/**
 * What became of a standby that was failed over.
 *
 * @param cycle its last cycle
 * @param fenced whether the old environment was made unusable
 * @param prepared transactions that were prepared and neither committed nor aborted: they are left
 *     for the application, which gets them by {@code DB_ENV->txn_recover}
 */
public record Promotion(CycleReport cycle, boolean fenced, List<GlobalTransactionId> prepared) {
  /** Keeps a copy of the list. */
  public Promotion {
    prepared = List.copyOf(prepared);
  }
}
