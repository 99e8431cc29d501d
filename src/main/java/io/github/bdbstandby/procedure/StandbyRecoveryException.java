package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.RunRecoveryException;
import java.io.IOException;

/**
 * libdb has panicked as it recovered the standby, or has not read its log: the source has no part
 * in that, and to wait for it would not help.
 */
public final class StandbyRecoveryException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Of one that has ended, and has not done what it was to do. */
  public StandbyRecoveryException(String message) {
    super(message);
  }

  /** With libdb's message, which names the environment. */
  public StandbyRecoveryException(RunRecoveryException cause) {
    super(cause.getMessage(), cause);
  }
}
