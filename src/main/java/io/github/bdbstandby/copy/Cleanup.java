package io.github.bdbstandby.copy;

import java.io.IOException;

/**
 * What has to be done after a failure, and may fail itself: the first cause is the one that is
 * told, the other goes with it as suppressed.
 */
public final class Cleanup {
  private Cleanup() {}

  /** Some of it. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @throws IOException if it can't be done
     */
    void run() throws IOException;
  }

  /**
   * Does it; what goes wrong is added to the first cause, which the caller goes on to throw.
   *
   * @param first why there is something to clean up
   */
  public static void after(Throwable first, Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (e != first) {
        first.addSuppressed(e);
      }
    }
  }
}
