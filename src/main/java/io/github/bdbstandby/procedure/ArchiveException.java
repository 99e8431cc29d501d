package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A log file can't be archived: the archive can't take it, or can't be looked at, or it can't be
 * read itself; the cause says why.
 */
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean unreadable;

  ArchiveException(Path archive, LogFile log, Exception cause) {
    super(message(archive, log, cause), cause);
    this.unreadable = isOf(log, cause);
  }

  /** Whether it is the log file that can't be read, and nothing is known of the archive. */
  public boolean isUnreadable() {
    return unreadable;
  }

  private static boolean isOf(LogFile log, Exception cause) {
    return cause instanceof FileSystemException at && log.path().toString().equals(at.getFile());
  }

  private static String message(Path archive, LogFile log, Exception cause) {
    return isOf(log, cause)
        ? FileNames.shown(log.path())
            + ": can't be read, and so not archived in "
            + FileNames.shown(archive)
            + ": "
            + reason((FileSystemException) cause)
        : FileNames.shown(archive)
            + ": can't archive "
            + LogFile.nameOf(log.number())
            + ": "
            + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
  }

  private static String reason(FileSystemException cause) {
    if (cause.getReason() != null) {
      return cause.getReason();
    }
    return cause instanceof AccessDeniedException ? "permission denied" : cause.toString();
  }
}
