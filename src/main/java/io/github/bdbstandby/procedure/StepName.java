package io.github.bdbstandby.procedure;

import java.util.Locale;

/** The steps of the two procedures, in the guide's order. */
public enum StepName {
  /** Step 1 of both procedures: identify the database files and copy them. */
  COPY_DATABASES,
  /** Step 2 of the short one: remove the existing log files from the standby. */
  REMOVE_STANDBY_LOGS,
  /** Step 2 of the long one: move them to the backup device instead. */
  ARCHIVE_STANDBY_LOGS,
  /** Step 3 of the long one: move log files that are no longer in use out of the source. */
  MOVE_INACTIVE_LOGS,
  /** Step 3 of the short one, 4 of the long one: identify the log files and copy them. */
  COPY_LOGS,
  /** The last of both: catastrophic recovery ({@code DB_RECOVER_FATAL}). */
  RECOVER;

  /** The name in reports: {@code copy-databases}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
