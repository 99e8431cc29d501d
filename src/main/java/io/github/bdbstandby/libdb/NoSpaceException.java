package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * {@code ENOSPC}, {@code EDQUOT}: the disk is full. From recovery libdb returns it as {@code
 * DB_RUNRECOVERY}.
 */
public final class NoSpaceException extends DbException {

  private static final long serialVersionUID = 1L;

  NoSpaceException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
