package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogStatus;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.LogOverlap;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Log that was written by an environment which does not use the regions that lie beside it, as one
 * opened with {@code DB_PRIVATE} in a home where an earlier run has left some: libdb opens it
 * without a look at them. A checkpoint made in those would be written over its log, and what is
 * held back in them it does not know of.
 *
 * <p>Whoever uses the regions takes a record's place in them before it is written: log on disk that
 * ends behind where they have their next one is somebody else's.
 */
final class ForeignLog {
  private ForeignLog() {}

  /**
   * Refuses a source that is joined and has such log, at the cost of one small read where it has
   * none.
   *
   * @throws RefusedException {@code private-environment}
   */
  static void refuse(Source source) throws IOException {
    Optional<OpenedSource> joined =
        source.opened().filter(opened -> opened.sharing() == Sharing.OTHER_PROCESS);
    if (joined.isPresent()) {
      refuseIn(joined.get());
    }
  }

  private static void refuseIn(OpenedSource source) throws IOException {
    LogStatus before = status(source);
    Optional<LogFile> foreign = fileBeyond(source, before);
    if (foreign.isPresent() && isAsBefore(source, before)) {
      throw new RefusedException(
          Reason.PRIVATE_ENVIRONMENT,
          FileNames.shown(foreign.get().path())
              + ": goes on behind "
              + before.end()
              + ", where the regions in "
              + FileNames.shown(source.home())
              + " have the log end: an application has written it that does not use them (DB_PRIVATE),"
              + " or they are older than a power cut",
          "have the application open its environment with DB_RECOVER, which makes the regions anew,"
              + " and without DB_PRIVATE; or run the backup inside it, or read its files only:"
              + " --passive");
    }
  }

  private static LogStatus status(OpenedSource source) {
    return source.ask(DbEnvironment::logStatus);
  }

  /** Whether nobody has put a record in the log by the regions since. */
  private static boolean isAsBefore(OpenedSource source, LogStatus before) {
    return status(source).end().equals(before.end());
  }

  private static Optional<LogFile> fileBeyond(OpenedSource source, LogStatus known)
      throws IOException {
    for (LogFile log : source.logFiles()) {
      if (log.number() >= known.end().file() && isBeyond(source, log, known)) {
        return Optional.of(log);
      }
    }
    return Optional.empty();
  }

  private static boolean isBeyond(OpenedSource source, LogFile log, LogStatus known)
      throws IOException {
    long from = known.onDisk().file() == log.number() ? known.onDisk().offset() : 0;
    try {
      // A crash may have left a part of a record there, or a file without any, for the regions'
      // own to cover. Whoever is at work there meanwhile is asked before all of it is read.
      return isBeyond(LogEnd.of(log, from), known)
          && isAsBefore(source, known)
          && isBeyond(
              LogOverlap.wholeEndOf(log, Optional.of(source.options().passwordOnly())), known);
    } catch (NoSuchFileException e) {
      return false; // removed meanwhile: it was complete
    }
  }

  private static boolean isBeyond(Lsn end, LogStatus known) {
    return end.offset() > 0 && end.compareTo(known.end()) > 0;
  }
}
