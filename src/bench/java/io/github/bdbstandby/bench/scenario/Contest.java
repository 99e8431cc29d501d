package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Peers taken in turn, each time in another order, on one source that nobody writes to meanwhile.
 * Who takes files out of the source has a copy of it. What counts is a result that passes the
 * application's check and has all commits.
 */
record Contest(Arena arena, String scenario, List<Peer> peers) {
  /** The backup of a peer. */
  Path backup(Peer peer) {
    return arena.place(scenario).resolve(peer.name());
  }

  /**
   * Takes each once.
   *
   * @param afresh whether each begins without a backup
   * @param commits that a result must have
   */
  void round(int round, Path source, boolean afresh, long commits) throws Exception {
    List<Peer> order = new ArrayList<>(peers);
    Collections.rotate(order, -round);
    for (Peer peer : order) {
      if (afresh) {
        Homes.delete(backup(peer));
      }
      take(round, peer, source, commits);
      if (afresh) {
        Homes.delete(backup(peer));
      }
    }
  }

  private void take(int round, Peer peer, Path source, long commits) throws Exception {
    if (!peer.altersSource()) {
      measure(round, peer, source, commits);
      return;
    }
    Path own = Homes.copy(source, arena.fresh("own"));
    try (Child holder = Application.hold(own)) {
      measure(round, peer, own, commits);
      holder.kill();
    }
    Homes.delete(own);
  }

  private void measure(int round, Peer peer, Path source, long commits) throws Exception {
    Path backup = backup(peer);
    peer.prepare(source, backup);
    arena.caches().prepare(source);
    double seconds = peer.run(source, backup);
    boolean good = !peer.makesEnvironment() || Application.check(source, backup, commits);
    arena.say(
        String.format(
            Locale.ROOT,
            "%s, round %d: %s %.3f s%s",
            scenario,
            round + 1,
            peer.name(),
            seconds,
            good ? "" : ", BAD"));
    Meter meter = arena.meter();
    if (good) {
      meter.less(round, scenario, peer.name(), Meter.WALL, "s", seconds);
    }
    if (peer.makesEnvironment()) {
      meter.more(round, scenario, peer.name(), "good", "of 1", good ? 1 : 0);
    }
  }
}
