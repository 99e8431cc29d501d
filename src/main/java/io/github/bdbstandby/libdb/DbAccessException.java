package io.github.bdbstandby.libdb;

import java.util.List;

/** {@code EACCES}, {@code EPERM}, {@code EROFS}: the system does not allow it. */
public final class DbAccessException extends DbException {

  private static final long serialVersionUID = 1L;

  DbAccessException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
