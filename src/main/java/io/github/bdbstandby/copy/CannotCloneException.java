package io.github.bdbstandby.copy;

import java.io.IOException;

/**
 * A file can't share its extents with another though their file system could: the kernel, before
 * 5.18, refuses two mounts of it, and XFS a file on its real-time device.
 */
public final class CannotCloneException extends IOException {
  private static final long serialVersionUID = 1L;

  CannotCloneException(String message, Throwable cause) {
    super(message, cause);
  }
}
