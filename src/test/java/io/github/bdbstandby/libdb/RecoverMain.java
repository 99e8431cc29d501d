package io.github.bdbstandby.libdb;

import java.nio.file.Path;

/**
 * Recovers in a JVM of its own, so that all that is written to its standard output and error is
 * seen.
 */
final class RecoverMain {

  private RecoverMain() {}

  public static void main(String[] args) {
    try {
      DbEnvironment.recover(
          Path.of(args[0]),
          RecoveryOptions.catastrophic(EnvironmentOptions.defaults()),
          RecoveryListener.NONE);
      System.out.println("recovered");
    } catch (DbException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
