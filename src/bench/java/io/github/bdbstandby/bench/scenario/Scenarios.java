package io.github.bdbstandby.bench.scenario;

import java.util.List;

/** All scenarios, in the order in which they are run. */
public final class Scenarios {
  private Scenarios() {}

  public static List<Scenario> all() {
    return List.of(
        Snapshot.quiet(),
        Cycle.paced(),
        Cycle.bulk(),
        Cycle.pacedCold(),
        LoadedSnapshot.unpaced(),
        LoadedSnapshot.paced(),
        new KeptLog(),
        new Start(),
        Snapshot.memoryOnly(),
        Snapshot.pages(),
        Snapshot.encrypted(),
        Snapshot.many(),
        new RecoveryCache(),
        new TakeOver(),
        Snapshot.large());
  }

  /** Those named, all if none is. */
  public static List<Scenario> named(List<String> names) {
    for (String name : names) {
      if (all().stream().noneMatch(scenario -> scenario.name().equals(name))) {
        throw new IllegalArgumentException("no such scenario: " + name);
      }
    }
    return all().stream()
        .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
        .toList();
  }
}
