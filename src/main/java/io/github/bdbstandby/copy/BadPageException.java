package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Path;

/** A page that stayed wrong when it was read again: damaged at the source, or torn. */
public final class BadPageException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient Path file;
  private final long page;

  BadPageException(Path file, long page, String why) {
    super(FileNames.shown(file) + ": page " + page + ": " + why);
    this.file = file;
    this.page = page;
  }

  /** The database file at the source. */
  public Path file() {
    return file;
  }

  /** The page's position in the file, from 0. */
  public long page() {
    return page;
  }
}
