package io.github.bdbstandby.libdb;

import java.util.List;

/** {@code DB_VERIFY_BAD}, {@code DB_CHKSUM_FAIL} and the like: a database or the log is damaged. */
public final class DatabaseDamagedException extends DbException {

  private static final long serialVersionUID = 1L;

  DatabaseDamagedException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
