package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * {@code DB_RUNRECOVERY}: the environment has panicked. Only closing it is possible, and then
 * recovery.
 */
public final class RunRecoveryException extends DbException {

  private static final long serialVersionUID = 1L;

  RunRecoveryException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
