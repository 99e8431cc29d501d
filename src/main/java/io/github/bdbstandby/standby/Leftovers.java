package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;

/**
 * What runs that were killed have left in a standby, and nobody needs. It may be as large as the
 * environment, and would count as used wherever room is asked for. The caller holds the lock.
 */
record Leftovers(StandbyDirectory standby) {

  /** Whether there are any, by a look that needs no lock. */
  boolean areThere() throws IOException {
    return Files.exists(standby.scratch())
        || (!new Journal(standby).isOpen()
            && (Files.exists(standby.image()) || Files.exists(standby.imageLogs())));
  }

  /** Removes them; the image of a switch that was begun is none. */
  void clear() throws IOException {
    DurableFiles.deleteTree(standby.scratch());
    if (!new Journal(standby).isOpen()) {
      new FailedSnapshot(standby).clean();
    }
  }
}
