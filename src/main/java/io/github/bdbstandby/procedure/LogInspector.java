package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.Lsn;

/** Looks at the log that was gathered before any of it gets into the target. */
@FunctionalInterface
public interface LogInspector {
  /** Lets everything through. */
  LogInspector NONE = (log, first, end) -> {};

  /**
   * Objects by throwing.
   *
   * @param log a private environment over the gathered log files
   * @param first the lowest of these files
   * @param end where their last whole record ends
   */
  void inspect(EnvironmentView log, long first, Lsn end);
}
