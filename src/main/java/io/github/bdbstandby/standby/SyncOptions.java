package io.github.bdbstandby.standby;

import java.util.Optional;

/**
 * How a sync runs.
 *
 * @param source the source as the user gives it; empty for the one that the standby was made from
 * @param password for the latter, if it is encrypted
 * @param checkpoint whether to force a checkpoint in the source first
 * @param passive whether to read the source's files only: {@link SourceRequest#passively}
 */
public record SyncOptions(
    Optional<SourceRequest> source,
    Optional<byte[]> password,
    boolean checkpoint,
    boolean passive) {

  public SyncOptions {
    if (checkpoint && passive) {
      throw new IllegalArgumentException("a source that is not joined makes no checkpoint for us");
    }
  }

  /** Of this source, without a checkpoint: for an attached one, as the snapshot was. */
  public static SyncOptions of(SourceRequest source) {
    return new SyncOptions(Optional.of(source), Optional.empty(), false, false);
  }

  /** The source that the standby was made from, no password, no checkpoint. */
  public static SyncOptions defaults() {
    return new SyncOptions(Optional.empty(), Optional.empty(), false, false);
  }
}
