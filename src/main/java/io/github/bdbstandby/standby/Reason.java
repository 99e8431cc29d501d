package io.github.bdbstandby.standby;

import java.util.Locale;

/** Why something was refused, or failed: one word for scripts. */
public enum Reason {
  /** A database, data directory or log directory that the copy would open at its live place. */
  ABSOLUTE_PATH,
  /** The directory is the standby of another environment than the one given. */
  OTHER_SOURCE,
  /** Source, standby and archive are not three places, none within another. */
  SAME_DIRECTORY,
  /** A log file that recovery needs was removed before the standby had all of it. */
  LOG_GAP,
  /** What the standby has recovered is not the beginning of what the source has now. */
  HISTORY_DIVERGED,
  /**
   * The hold on {@code DB_TXN_BULK} was gone and a database grew: insertions may not be in the log.
   */
  BULK_LOAD,
  /** Two files would have one name in the standby. */
  NAME_COLLISION,
  /** The environment given as source is itself a standby that was not failed over. */
  SOURCE_IS_STANDBY,
  /** The directory holds files, and is no standby of ours. */
  STANDBY_NOT_EMPTY,
  /** The directory is no standby of ours, or its manifest can't be read. */
  NOT_A_STANDBY,
  /** Somebody is at work there: another run on the standby, or a process that has it open. */
  LOCKED,
  /** No way to read a live database file here sees only whole pages. */
  NO_PAGE_ATOMIC_READ,
  /** A process has the environment open without shared regions ({@code DB_PRIVATE}). */
  PRIVATE_ENVIRONMENT,
  /** The environment keeps its log in memory ({@code DB_LOG_IN_MEMORY}). */
  LOGS_IN_MEMORY,
  /** The environment has no log, or was opened without transactions. */
  NOT_TRANSACTIONAL,
  /**
   * The log names a database that is nowhere below the home, or that can have no place in a copy.
   */
  UNRESOLVED_DATABASE,
  /** There is no environment, or none that can be joined. */
  NO_ENVIRONMENT,
  /** The password is wrong, missing, or one too many. */
  WRONG_PASSWORD,
  /** The regions were made by another version of libdb. */
  VERSION_MISMATCH,
  /** The standby's disk can't take what is coming. */
  DISK_FULL,
  /** The standby was failed over and is a primary now. */
  PROMOTED,
  /** The source's regions do not answer, or it has panicked: a process died in it. */
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
