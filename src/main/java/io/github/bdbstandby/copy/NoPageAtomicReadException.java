package io.github.bdbstandby.copy;

import java.nio.file.Path;

/** No method reads a whole page of a live file here, or not the one that was asked for. */
public final class NoPageAtomicReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Path path;

  NoPageAtomicReadException(Path path, String message) {
    super(message);
    this.path = path;
  }

  /** What can't be read page by page. */
  public Path path() {
    return path;
  }
}
