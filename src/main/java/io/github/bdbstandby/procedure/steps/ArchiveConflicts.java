package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.procedure.Cycle;
import java.io.IOException;

/** Other files that have the names in the archive of those that are to come there. */
public final class ArchiveConflicts {
  private ArchiveConflicts() {}

  /**
   * Looks for them before anything is copied; changes nothing.
   *
   * @throws io.github.bdbstandby.procedure.LogArchive.ArchiveConflictException if there is one
   */
  public static void refuse(Cycle cycle) throws IOException {
    ArchiveStandbyLogs.check(cycle);
    MoveInactiveLogs.check(cycle);
  }
}
