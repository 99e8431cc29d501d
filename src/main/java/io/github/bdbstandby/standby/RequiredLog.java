package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log files of a standby that its next recovery needs: from the lowest that its manifest names
 * to the one in which its history ends. libdb recovers without them, and says nothing.
 */
record RequiredLog(StandbyDirectory standby, Manifest manifest) {

  /** The first that is not there of those before the one in which the history ends. */
  Optional<Path> firstMissing() {
    return firstMissing(manifest.recoveredTo().file());
  }

  private Optional<Path> firstMissing(long before) {
    Path logs = standby.target(manifest).logDirectory();
    for (long number = manifest.firstNeeded(); number < before; number++) {
      Path needed = logs.resolve(LogFile.nameOf(number));
      if (!Files.exists(needed)) {
        return Optional.of(needed);
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses a failover without them, which libdb's recovery would not survive or, worse, not
   * notice: what a transaction logged there that commits later would be missing. A cycle that is
   * cut off removes none of them: only those below, and behind where it lets log in.
   *
   * @throws SnapshotNeededException {@code log-gap}; {@code damaged} if there is no log at all
   */
  void refuseMissing() throws IOException {
    if (manifest.recoveredTo().lsn().isZero()) {
      return;
    }
    Path logs = standby.target(manifest).logDirectory();
    if (!Files.isDirectory(logs) || LogFile.in(logs).isEmpty()) {
      throw refused(
          Reason.DAMAGED, FileNames.shown(logs) + ": all log files of the standby are gone");
    }
    Optional<Path> missing = firstMissing(manifest.recoveredTo().file() + 1);
    if (missing.isPresent()) {
      throw refused(Reason.LOG_GAP, describe(missing.get()));
    }
  }

  /** What the user should know of it. */
  static String describe(Path missing) {
    return FileNames.shown(missing) + ": the standby's recovery needs it, and it is gone";
  }

  private SnapshotNeededException refused(Reason reason, String message) {
    return new SnapshotNeededException(
        reason,
        message,
        "put it back, or mount the disk that it is on (the source, or the archive, may have it,"
            + " too); if it is lost, and the source is there, take a new snapshot; if both are lost,"
            + " db5.3_dump still reads the databases in "
            + FileNames.shown(standby.home())
            + " as they were at "
            + manifest.syncedAt(),
        null);
  }
}
