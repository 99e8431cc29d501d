package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.RunRecoveryException;
import java.io.IOException;

/**
 * libdb has panicked as it recovered the standby: the source has no part in that, and to wait for
 * it would not help.
 */
public final class StandbyRecoveryException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With libdb's message, which names the environment. */
  public StandbyRecoveryException(RunRecoveryException cause) {
    super(cause.getMessage(), cause);
  }
}
