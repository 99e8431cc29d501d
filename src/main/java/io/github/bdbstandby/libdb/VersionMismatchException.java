package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * {@code DB_VERSION_MISMATCH}, {@code DB_OLD_VERSION}, or a log of a version that this libdb does
 * not read: the environment belongs to another libdb.
 */
public final class VersionMismatchException extends DbException {

  private static final long serialVersionUID = 1L;

  VersionMismatchException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
