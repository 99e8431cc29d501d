package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes at a snapshot again after what passes while others work in the source. Where nobody has it
 * open, nothing changes by itself.
 */
record SnapshotAttempts(Source source) {
  private static final int MOST = 3;
  private static final Duration CHECKPOINT_WAIT = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotAttempts.class);

  /** A look at the source by the guards. */
  @FunctionalInterface
  interface Look {
    void run() throws IOException;
  }

  /** A whole snapshot. */
  @FunctionalInterface
  interface Attempt {
    CycleReport run() throws IOException;
  }

  /** A source that is only read may remove log while it is looked at. */
  void look(Look look) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        look.run();
        return;
      } catch (LogGapException e) {
        refuseMore(attempt, e);
      }
    }
  }

  /**
   * Takes it, again if a database was renamed in a way that libdb's recovery can't follow: once the
   * application has made a checkpoint, for which there is some patience, the next copy begins after
   * that renaming. Also if log was made and removed before it was seen: the next copy needs what
   * comes later.
   */
  CycleReport take(Attempt snapshot) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return snapshot.run();
      } catch (CycleFailedException e) {
        if (e.reason() != Reason.UNRESOLVED_DATABASE) {
          throw e;
        }
        refuseMore(attempt, e);
        NextCheckpoint.await(source, CHECKPOINT_WAIT);
      } catch (LogGapException e) {
        refuseMore(attempt, e);
      }
    }
  }

  private <E extends Exception> void refuseMore(int attempt, E e) throws E {
    if (attempt == MOST || source.sharing() == Sharing.NOBODY) {
      throw e;
    }
    LOG.info("taking the snapshot again: {}", e.getMessage());
  }
}
