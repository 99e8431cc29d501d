package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Arena;

/** Something that is measured. */
public interface Scenario {
  /** As on the command line and in the report. */
  String name();

  /** In one line. */
  String description();

  /** Measures it, so many rounds as the arena says. */
  void run(Arena arena) throws Exception;
}
