package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Path;

/** A log file that recovery needs is neither at the source nor in the standby. */
public final class LogGapException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path missing;

  /** For this file, and why it is missed. */
  public LogGapException(Path missing, String why) {
    super(FileNames.shown(missing) + ": " + why);
    this.missing = missing;
  }

  /** The file. */
  public Path missing() {
    return missing;
  }
}
