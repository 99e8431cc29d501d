package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Files;

/**
 * The mark that a cycle or a failover is changing files of the standby, so that they are not as its
 * manifest says: what is cut off there recovers, and only the next manifest can tell it from
 * damage.
 */
final class UnfinishedCycle {
  private final StandbyDirectory standby;

  UnfinishedCycle(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Before the first change. */
  void begin() throws IOException {
    DurableFiles.write(standby.unfinished(), new byte[0]);
  }

  /** When a manifest is written that knows all. */
  void end() throws IOException {
    DurableFiles.delete(standby.unfinished());
  }

  /**
   * Where the log that lies in the standby ends, for a recovery without more: zero for where that
   * log itself does, since what was cut off may have let in more than the manifest says.
   */
  Lsn endOfLog(Manifest manifest) {
    return stands() ? Lsn.ZERO : manifest.recoveredTo().lsn();
  }

  /** Whether one was cut off. */
  boolean stands() {
    return Files.exists(standby.unfinished());
  }
}
