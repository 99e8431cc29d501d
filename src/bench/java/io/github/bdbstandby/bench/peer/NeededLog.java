package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The log files that a backup needs next: above those that were inactive when it was last brought
 * up to date.
 */
public final class NeededLog {
  private final Access access;
  private long inactive;

  public NeededLog() {
    this(Access.OPEN);
  }

  public NeededLog(Access access) {
    this.access = access;
  }

  /** Remembers what is inactive now. */
  public void mark(Path source) {
    try (DbEnvironment environment = DbEnvironment.join(source, access.environmentOptions())) {
      inactive = environment.inactiveLogFiles().highest().orElse(0);
    }
  }

  /** What is needed by a backup that was up to date at the mark. */
  public List<Path> files(Path source) throws IOException {
    return LogFile.in(source).stream()
        .filter(log -> log.number() > inactive)
        .map(LogFile::path)
        .toList();
  }
}
