package io.github.bdbstandby.bench.arena;

/** How long something takes. */
public final class Stopwatch {
  private Stopwatch() {}

  /** Work that may fail. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /** In seconds. */
  public static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
