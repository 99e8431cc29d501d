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
 * @param losses what the source has and the new primary has not, as was accepted; empty if all that
 *     could be read was salvaged
 */
public record Promotion(
    CycleReport cycle, boolean fenced, List<GlobalTransactionId> prepared, List<Loss> losses) {
  /** Keeps copies of the lists. */
  public Promotion {
    prepared = List.copyOf(prepared);
    losses = List.copyOf(losses);
  }
}
