package io.github.bdbstandby.catalogue;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.standby.Promotion;
import io.github.bdbstandby.standby.SourceRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** An application with its environment, which can be anywhere once it has been failed over. */
public interface Application {
  /** Where its environment is at first. */
  Path home();

  /** How a standby of it is asked for, when it is there. */
  SourceRequest source(Path home);

  /** Of an encrypted one. */
  default Optional<byte[]> password() {
    return Optional.empty();
  }

  /**
   * Puts it to work; returns when its first transaction is committed. What it acknowledges must
   * outlive a SIGKILL.
   *
   * @param recover whether it recovers first, as after a failover
   */
  Busy start(Path home, boolean recover) throws IOException;

  /**
   * Its own check of a home at rest, and any other witness there is.
   *
   * @param before what was acknowledged before then must be there, microseconds since 1970
   */
  void check(Path home, long before) throws IOException;

  /** Databases whose order libdb's verify does not know. */
  default String[] ownOrder() {
    return new String[0];
  }

  /** Whether libdb's verify may say this of a database that is as good as it can be. */
  default boolean isExpected(String damage) {
    return false;
  }

  /** Takes away what it has left outside of these homes. */
  default void leave(Path... homes) throws IOException {}

  /** What else is to be seen of a failover. */
  default void promoted(Promotion promotion) {}
}
