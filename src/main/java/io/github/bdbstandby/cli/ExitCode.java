package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.CycleFailedException;
import io.github.bdbstandby.standby.RefusedException;
import io.github.bdbstandby.standby.SnapshotNeededException;
import io.github.bdbstandby.standby.StandbyException;

/** What a process ends with. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;
  static final int SNAPSHOT_NEEDED = 4;
  static final int DAMAGED = 5;

  private ExitCode() {}

  static int of(StandbyException exception) {
    if (exception instanceof RefusedException) {
      return REFUSED;
    }
    return exception instanceof SnapshotNeededException ? SNAPSHOT_NEEDED : FAILED;
  }

  /** The word in the JSON output. */
  static String outcome(StandbyException exception) {
    if (exception instanceof RefusedException) {
      return "refused";
    }
    if (exception instanceof SnapshotNeededException) {
      return "snapshot-needed";
    }
    if (exception instanceof CycleFailedException) {
      return "failed";
    }
    throw new IllegalArgumentException(exception);
  }
}
