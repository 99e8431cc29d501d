package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.DbException;

/** The log that a target has had can't be read again, so that its recovery would fail too. */
public final class HeldLogException extends DbException {
  private static final long serialVersionUID = 1L;

  HeldLogException(DbException cause) {
    super(cause.code(), cause.operation(), cause.messages());
    initCause(cause);
  }
}
