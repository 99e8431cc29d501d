package io.github.bdbstandby.libdb;

import java.util.List;

/** {@code ECANCELED}: the calling thread was interrupted, or a sink wants the copy to end. */
public final class OperationCancelledException extends DbException {

  private static final long serialVersionUID = 1L;

  /** Of this operation. */
  public OperationCancelledException(String operation) {
    super(ErrorCodes.valueOf("ECANCELED"), operation, List.of());
  }
}
