package io.github.bdbstandby.bench.arena;

import java.util.List;

/**
 * How large the environments are and how much is done to them.
 *
 * @param accounts in each of four databases
 * @param logBytes of a log file
 * @param commits that fill the log before anything is measured
 * @param cacheBytes of the application
 * @param pacedSeconds of 1,000 durable commits a second
 * @param unpacedCommits in a burst
 */
public record Size(
    String name,
    int accounts,
    int logBytes,
    int commits,
    int cacheBytes,
    int pacedSeconds,
    int unpacedCommits) {

  /** Some megabytes, for trying. */
  public static final Size SMALL = new Size("small", 2000, 131_072, 3000, 4 << 20, 1, 2000);

  /** About 500 MB of databases and 131 log files. */
  public static final Size FULL =
      new Size("full", 262_500, 10 << 20, 60_000, 512 << 20, 5, 200_000);

  public static Size of(String name) {
    return List.of(SMALL, FULL).stream()
        .filter(size -> size.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such scale: " + name));
  }

  /** Of the writer's {@code init}. */
  public List<String> options() {
    return List.of("--log-size", String.valueOf(logBytes), "--cache", String.valueOf(cacheBytes));
  }

  public boolean isFull() {
    return equals(FULL);
  }
}
