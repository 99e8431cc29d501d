package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * The log that waited beside a standby at one time, so that what came since can be taken back. What
 * was mended of it stays so: it is what had been shipped. Only the last file may have got commits
 * by that.
 */
final class IncomingBefore {
  private final Path incoming;
  private final TreeMap<LogFile, Long> sizes = new TreeMap<>();
  private final boolean missing;

  IncomingBefore(StandbyDirectory standby) throws IOException {
    this(standby.incoming());
  }

  /** The same of another directory for it. */
  IncomingBefore(Path incoming) throws IOException {
    this.incoming = incoming;
    this.missing = !Files.exists(incoming);
    if (Files.isDirectory(incoming)) {
      for (LogFile log : LogFile.in(incoming)) {
        sizes.put(log, Files.size(log.path()));
      }
    }
  }

  /** What was objected to does not stay: a failover would let it in. */
  void takeBack() throws IOException {
    if (!Files.exists(incoming)) {
      return;
    }
    for (LogFile log : LogFile.in(incoming)) {
      Long size = sizes.get(log);
      if (size == null) {
        Files.delete(log.path());
      } else if (log.equals(sizes.lastKey())) {
        PlainCopier.truncate(log.path(), size);
      }
    }
    if (missing) {
      Files.delete(incoming);
    }
    DurableFiles.syncDirectory(incoming.getParent());
  }
}
