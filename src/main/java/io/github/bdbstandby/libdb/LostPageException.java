package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A page that recovery was writing when it was killed, in a copy of the home that has no such file:
 * which of the copy's may be torn, nobody knows.
 */
public final class LostPageException extends IOException {
  private static final long serialVersionUID = 1L;

  LostPageException(Path slot, Path file) {
    super(
        FileNames.shown(slot)
            + ": holds a page of "
            + FileNames.shown(file)
            + " that was being written when a recovery was killed; it was copied, and there is no"
            + " such file beside it");
  }
}
