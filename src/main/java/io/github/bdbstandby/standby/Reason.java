package io.github.bdbstandby.standby;

import java.util.Locale;

/** Why something was refused, or failed: one word for scripts. */
public enum Reason {
  /** A database, data directory or log directory that the copy would open at its live place. */
  ABSOLUTE_PATH,
  OTHER_SOURCE,
  SAME_DIRECTORY,
  LOG_GAP,
  HISTORY_DIVERGED,
  BULK_LOAD,
  NAME_COLLISION,
  SOURCE_IS_STANDBY,
  STANDBY_NOT_EMPTY,
  NOT_A_STANDBY,
  LOCKED,
  NO_PAGE_ATOMIC_READ,
  PRIVATE_ENVIRONMENT,
  LOGS_IN_MEMORY,
  NOT_TRANSACTIONAL,
  UNRESOLVED_DATABASE,
  NO_ENVIRONMENT,
  WRONG_PASSWORD,
  VERSION_MISMATCH,
  DISK_FULL,
  PROMOTED,
  SOURCE_STUCK,
  /** The application has closed the environment that we were attached to. */
  SOURCE_CLOSED,
  /** The operating system lets us not read or write there. */
  NO_ACCESS,
  /** What was asked for can't be done by reading the source's files only. */
  NOT_PASSIVE,
  /** The archive holds another log file of the same name. */
  ARCHIVE_CONFLICT,
  /** A page of the source that stays wrong when it is read again. */
  BAD_PAGE,
  /** The standby's own files are not what the manifest says. */
  DAMAGED,
  /** Stopped by a signal or an interrupt. */
  INTERRUPTED,
  /** Anything else that libdb or the operating system said. */
  IO_ERROR;

  /** The code in the JSON output: {@code log-gap}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
