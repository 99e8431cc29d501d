package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.NeededLog;
import io.github.bdbstandby.bench.peer.Peers;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** A whole snapshot while nobody writes. */
final class SnapshotQuiet implements Scenario {
  @Override
  public String name() {
    return "snapshot-quiet";
  }

  @Override
  public String description() {
    return "a whole snapshot while nobody writes";
  }

  @Override
  public void run(Arena arena) throws Exception {
    Path source = Homes.copy(arena.standard(), arena.fresh(name()).resolve("home"));
    arena.describe(name(), source);
    NeededLog needed = new NeededLog();
    Contest contest = new Contest(arena, name(), Peers.snapshots(needed));
    try (Child holder = Application.hold(source)) {
      needed.mark(source);
      for (int round = 0; round < arena.rounds(); round++) {
        contest.round(round, source, true, arena.standardCommits());
      }
      holder.kill();
    }
    arena.fresh(name());
    report(arena.meter());
  }

  private void report(Meter meter) {
    for (String ours : Peers.OURS) {
      meter.ratio(
          name(), Meter.WALL, "hotbackup", ours, OptionalDouble.of(10), OptionalDouble.empty());
      meter.ratio(
          name(), Meter.WALL, ours, "limit", OptionalDouble.empty(), OptionalDouble.of(1.3));
    }
    for (String other : Peers.OTHERS) {
      if (!other.equals("hotbackup")) {
        meter.ratio(name(), Meter.WALL, other, "ours");
      }
    }
  }
}
