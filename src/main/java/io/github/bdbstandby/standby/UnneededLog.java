package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.StandbyLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Log files that lie in a standby and that its next recovery does not need. A sync removes them
 * before it recovers; a failover leaves them, since the way back compares histories by them, unless
 * what they say of names is in the way of what followed. Those of the long procedure stay, for they
 * belong in its archive.
 *
 * @param end the first that is needed; 0 if all stay
 */
record UnneededLog(Path directory, long end) {
  static UnneededLog of(Manifest manifest, Target target) {
    boolean stay = manifest.procedure().equals(Procedure.LONG.word());
    return new UnneededLog(target.logDirectory(), stay ? 0 : manifest.firstNeeded());
  }

  /** The lowest first, so that what a crash leaves has no hole. */
  void remove() throws IOException {
    List<LogFile> unneeded = StandbyLogs.before(directory, end);
    for (LogFile log : unneeded) {
      Files.delete(log.path());
    }
    if (!unneeded.isEmpty()) {
      DurableFiles.syncDirectory(directory);
    }
  }
}
