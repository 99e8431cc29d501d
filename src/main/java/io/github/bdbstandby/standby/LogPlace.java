package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.PartedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the log of a source is that may be lost: in the directory that the standby knows, or in
 * another one that the source's DB_CONFIG has come to name. An application that runs does not
 * notice that, and its log stays where it was until it is started again.
 */
final class LogPlace {
  private static final Logger LOG = LoggerFactory.getLogger(LogPlace.class);

  private LogPlace() {}

  /**
   * Looks for it.
   *
   * @param options the password, if there is one
   */
  static Path of(Manifest manifest, EnvironmentOptions options) {
    Path then = manifest.source().logPath();
    Optional<Path> now = named(manifest);
    if (now.isEmpty() || now.get().equals(then)) {
      return then;
    }
    try {
      return isAt(now.get(), then, options) ? now.get() : then;
    } catch (IOException e) {
      LOG.debug("whoever reads it tells why it can't be", e);
      return now.get();
    }
  }

  /** Empty if DB_CONFIG, if there is one, can't be read. */
  private static Optional<Path> named(Manifest manifest) {
    Path home = manifest.source().homePath();
    try {
      Files.readAttributes(home.resolve(DbConfig.FILE), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      LOG.debug("none there", e);
    } catch (IOException e) {
      return unknown(e);
    }
    try {
      return Optional.of(
          DbConfig.logDirectory(home, manifest.sourceOptions(Optional.empty())).normalize());
    } catch (IOException e) {
      return unknown(e);
    }
  }

  private static Optional<Path> unknown(IOException why) {
    LOG.debug("where the source has its log now is not known", why);
    return Optional.empty();
  }

  /** Copies of it may lie in either, made to move it. */
  private static boolean isAt(Path now, Path then, EnvironmentOptions options) throws IOException {
    List<LogFile> there = new LogsOfTheLost(now).list();
    List<LogFile> left = there.isEmpty() ? List.of() : new LogsOfTheLost(then).list();
    if (there.isEmpty() || left.isEmpty()) {
      return !there.isEmpty();
    }
    return end(there).compareTo(end(left)) >= 0
        || !PartedLog.of(there, then, options).beyond().isEmpty();
  }

  private static Lsn end(List<LogFile> logs) throws IOException {
    return LogEnd.of(logs.get(logs.size() - 1), 0);
  }
}
