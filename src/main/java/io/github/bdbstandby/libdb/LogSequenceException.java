package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * The log does not fit: a file or a record is missing, or the databases are of another time than
 * the log.
 */
public final class LogSequenceException extends DbException {

  private static final long serialVersionUID = 1L;

  LogSequenceException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
