package io.github.bdbstandby.libdb;

import java.util.List;

/** {@code ENOENT}: the environment or the database is not there. */
public final class NoSuchFileDbException extends DbException {

  private static final long serialVersionUID = 1L;

  NoSuchFileDbException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
