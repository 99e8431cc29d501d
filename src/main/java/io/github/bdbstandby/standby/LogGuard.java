package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether the source's log files continue what the standby has.
 *
 * <p>The bytes of the last log file up to where the standby was recovered to must be the same on
 * both sides: a source that was restored from elsewhere, or that lost what it had not flushed, has
 * another history from there on, and the log files of two histories must not mix.
 */
final class LogGuard {
  private LogGuard() {}

  /** A reason why they don't continue it. */
  record Break(Reason reason, String message) {}

  /**
   * Compares.
   *
   * @param atSource the source's log files, ascending
   * @return empty if they continue what is held
   */
  static Optional<Break> check(Target.Held held, Path sourceLogs, List<LogFile> atSource)
      throws IOException {
    Lsn end = held.end();
    if (end.isZero()) {
      return Optional.empty();
    }
    Path theirs = sourceLogs.resolve(LogFile.nameOf(end.file()));
    Path ours = held.logDirectory().resolve(LogFile.nameOf(end.file()));
    if (atSource.isEmpty()) {
      return Optional.of(new Break(Reason.LOG_GAP, sourceLogs + ": no log files there"));
    }
    long first = atSource.get(0).number();
    long last = atSource.get(atSource.size() - 1).number();
    if (last < end.file()) {
      return Optional.of(
          new Break(
              Reason.HISTORY_DIVERGED,
              sourceLogs + ": ends with file " + last + ", but the standby has come to " + end));
    }
    for (long number = Math.max(first, end.file()); number <= last; number++) {
      long each = number;
      if (atSource.stream().noneMatch(log -> log.number() == each)) {
        return Optional.of(
            new Break(
                Reason.LOG_GAP,
                sourceLogs.resolve(LogFile.nameOf(each)) + ": missing between its neighbours"));
      }
    }
    if (first > end.file()) {
      return Optional.of(
          new Break(
              Reason.LOG_GAP,
              theirs
                  + ": removed from the source before the standby had all of it (to "
                  + end
                  + ")"));
    }
    try {
      if (Files.size(theirs) < end.offset() || !PlainCopier.sameBytes(ours, theirs, end.offset())) {
        return Optional.of(
            new Break(
                Reason.HISTORY_DIVERGED,
                theirs + ": differs from the standby's " + ours + " before " + end));
      }
    } catch (NoSuchFileException e) {
      return Optional.of(new Break(Reason.LOG_GAP, e.getMessage() + ": removed while we looked"));
    }
    return Optional.empty();
  }
}
