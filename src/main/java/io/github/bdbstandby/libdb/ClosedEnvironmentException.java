package io.github.bdbstandby.libdb;

import java.nio.file.Path;

/** The handle is closed. */
public final class ClosedEnvironmentException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  ClosedEnvironmentException(Path home) {
    super("the environment " + home + " is closed");
  }
}
