package io.github.bdbstandby.procedure;

import java.util.Locale;

/** The steps of the two procedures, in the guide's order. */
public enum StepName {
  COPY_DATABASES,
  REMOVE_STANDBY_LOGS,
  ARCHIVE_STANDBY_LOGS,
  MOVE_INACTIVE_LOGS,
  COPY_LOGS,
  RECOVER;

  /** The name in reports: {@code copy-databases}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
