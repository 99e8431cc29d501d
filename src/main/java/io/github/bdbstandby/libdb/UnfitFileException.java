package io.github.bdbstandby.libdb;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What is there is not such a file as is looked for; it can be seen, and is not read. */
public final class UnfitFileException extends FileSystemException {
  private static final long serialVersionUID = 1;

  UnfitFileException(Path file, String reason) {
    super(file.toString(), null, reason);
  }
}
