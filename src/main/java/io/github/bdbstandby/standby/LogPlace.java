package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
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
   * The manifest of a standby whose source's log is where it is now, looked for without a password.
   */
  static Manifest found(Manifest manifest) {
    return manifest.isPromoted()
        ? manifest
        : manifest.withSourceLogIn(
            of(
                manifest,
                Optional.of(EnvironmentOptions.defaults())
                    .filter(options -> !manifest.source().encrypted())));
  }

  /**
   * Looks for it.
   *
   * @param options the password, if there is one; empty if there is one that is not known
   */
  static Path of(Manifest manifest, Optional<EnvironmentOptions> options) {
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

  /**
   * What the user should know of log files where the standby knows the source's log: they are not
   * what was copied from there to move it, but have records of their own.
   *
   * @param place where it is now
   */
  static Optional<String> noteOf(Manifest manifest, Path place, EnvironmentOptions options)
      throws IOException {
    Path then = manifest.source().logPath();
    List<LogFile> left = then.equals(place) ? List.of() : new LogsOfTheLost(then).list();
    List<LogFile> beyond =
        left.isEmpty() ? List.of() : PartedLog.of(left, place, Optional.of(options)).beyond();
    return beyond.stream()
        .findFirst()
        .map(
            log ->
                FileNames.shown(log.path())
                    + ": has what the log in "
                    + FileNames.shown(place)
                    + " has not, or may have; DB_CONFIG names that one, and nothing was taken of"
                    + " this one: keep it until you know whose commits they are");
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
  private static boolean isAt(Path now, Path then, Optional<EnvironmentOptions> options)
      throws IOException {
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
