package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Path;

/** The archive can't take a log file, or can't be looked at; its cause says why. */
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  ArchiveException(Path archive, String file, Exception cause) {
    super(FileNames.shown(archive) + ": can't archive " + file + ": " + why(cause), cause);
  }

  private static String why(Exception cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
