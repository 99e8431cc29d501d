package io.github.bdbstandby.libdb;

import java.nio.file.Path;

/** The handle is closed, by us or by the application that it was borrowed from. */
public final class ClosedEnvironmentException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  ClosedEnvironmentException(Path home) {
    this("the environment " + FileNames.shown(home) + " is closed");
  }

  ClosedEnvironmentException(String message) {
    super(message);
  }
}
