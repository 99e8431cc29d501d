package io.github.bdbstandby.standby;

import io.github.bdbstandby.procedure.RunListener;

/**
 * Hears how a standby is worked on: steps and bytes, as {@link RunListener} has them, and how each
 * run ends. Must return soon and must not throw; progress comes from several threads at once, the
 * end of a run from the thread that made it.
 */
public interface StandbyListener extends RunListener {
  /** Nobody listens. */
  StandbyListener NONE = new StandbyListener() {};

  /** A snapshot, a sync, a follower's cycle or a failover has ended well. */
  default void cycleEnded(CycleReport report) {}

  /** Refused: nothing was changed. */
  default void refused(RefusedException why) {}

  /** The standby can't be brought forward; a follower may take that snapshot itself. */
  default void snapshotNeeded(SnapshotNeededException why) {}

  /** A cycle was begun and failed; the standby still recovers to where it was. */
  default void failed(CycleFailedException why) {}
}
