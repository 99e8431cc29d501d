package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Path;

/** A source's log file has become shorter than what was shipped of it. */
public final class LogCutException extends IOException {
  private static final long serialVersionUID = 1L;

  /** For this copy of it, which stays as it is. */
  public LogCutException(Path copy) {
    super(FileNames.shown(copy) + ": the source's has become shorter");
  }
}
