package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a source's log lies in a standby: all that its manifest tells of, and what a cycle may
 * have let in that was cut off before it could write the next one.
 */
final class LetInLog {
  private static final Logger LOG = LoggerFactory.getLogger(LetInLog.class);

  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final Path logs;

  /** Looks at nothing yet. */
  LetInLog(StandbyDirectory standby, Manifest manifest) {
    this.standby = standby;
    this.manifest = manifest;
    this.logs = standby.target(manifest).logDirectory();
  }

  /**
   * Why what the source has from where the standby had come to can't be read, if it is there: that
   * may be more.
   */
  Optional<String> unreadable() throws IOException {
    Path directory = manifest.source().logPath();
    List<LogFile> behind;
    try {
      behind =
          new LogsOfTheLost(directory)
              .list().stream()
                  .filter(log -> log.number() >= manifest.recoveredTo().file())
                  .toList();
    } catch (IOException e) {
      return Optional.of(LogsOfTheLost.describe(directory, e));
    }
    return LogsOfTheLost.broken(behind).map(LogsOfTheLost.Unreadable::why);
  }

  /**
   * Whether it is all that was shipped and all that the source has, as far as both can be read. A
   * doubt is a no.
   */
  boolean isAll() {
    Lsn end = manifest.recoveredTo().lsn();
    Lag lag = new LagReader(standby, manifest).read();
    if (lag.sourceEnd().orElse(end).compareTo(end) <= 0 && lag.shippedTo().compareTo(end) <= 0) {
      return true;
    }
    return new UnfinishedCycle(standby).stands()
        && haveAllOf(standby.incoming())
        && haveAllOf(manifest.source().logPath());
  }

  /** Whether each record in a directory's files, from where the standby had come to, lies here. */
  private boolean haveAllOf(Path directory) {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try {
      for (LogFile log : LogFile.in(directory)) {
        if (log.number() < manifest.recoveredTo().file()) {
          continue;
        }
        Path ours = logs.resolve(log.path().getFileName());
        if (!PlainCopier.sameBytes(ours, log.path(), LogEnd.of(log, 0).offset())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      LOG.debug("what can't be read may be more", e);
      return false;
    }
  }
}
