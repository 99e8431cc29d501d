package io.github.bdbstandby.bench.peer;

import java.nio.file.Path;

/** Somebody who brings a backup up to date with its source. */
public interface Peer {
  /** As the report names it. */
  String name();

  /** Whether it takes log files out of the source, so that it needs one of its own. */
  default boolean altersSource() {
    return false;
  }

  /** Whether it leaves an environment that can be checked. */
  default boolean makesEnvironment() {
    return true;
  }

  /** What must be there before, and is not measured. */
  default void prepare(Path source, Path backup) throws Exception {}

  /** Does it, and says how long it took, in seconds. */
  double run(Path source, Path backup) throws Exception;
}
