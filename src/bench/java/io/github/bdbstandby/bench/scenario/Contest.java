package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Caches;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Peers taken in turn, each time in another order, on one source that nobody writes to meanwhile.
 * Who takes files out of the source has a copy of it. What counts is a result that passes the
 * application's check and has all commits.
 */
record Contest(Arena arena, String scenario, List<Peer> peers, Caches caches, Check check) {
  /** Whether a backup of a source is whole. */
  @FunctionalInterface
  interface Check {
    boolean good(Path source, Path backup) throws Exception;
  }

  /** The backup of a peer. */
  Path backup(Peer peer) {
    return arena.place(scenario).resolve(peer.name());
  }

  /**
   * Takes each once.
   *
   * @param afresh whether each begins without a backup
   */
  void round(int round, Path source, boolean afresh) throws Exception {
    List<Peer> order = new ArrayList<>(peers);
    // Who follows whom differs from round to round, too: a device works off what came before.
    Collections.shuffle(order, new Random(round));
    for (Peer peer : order) {
      if (afresh) {
        Homes.delete(backup(peer));
      }
      take(round, peer, source);
      if (afresh) {
        Homes.delete(backup(peer));
      }
    }
  }

  private void take(int round, Peer peer, Path source) throws Exception {
    if (!peer.altersSource()) {
      measure(round, peer, source);
      return;
    }
    Path own = Homes.copy(source, arena.fresh("own"));
    try (Child holder = Application.hold(own)) {
      measure(round, peer, own);
      holder.kill();
    }
    Homes.delete(own);
  }

  private void measure(int round, Peer peer, Path source) throws Exception {
    Path backup = backup(peer);
    peer.prepare(source, backup);
    caches.prepare(source, backup);
    double seconds = peer.run(source, backup);
    // Ours and the limit leave nothing to write; others leave it to the kernel.
    double writing = Stopwatch.seconds(() -> Programs.run("sync", "-f", backup));
    boolean good = !peer.makesEnvironment() || check.good(source, backup);
    arena.say(
        String.format(
            Locale.ROOT,
            "%s, round %d: %s %.3f s, durable after %.3f s%s",
            scenario,
            round + 1,
            peer.name(),
            seconds,
            seconds + writing,
            good ? "" : ", BAD"));
    Meter meter = arena.meter();
    if (good) {
      meter.less(round, scenario, peer.name(), Meter.WALL, "s", seconds);
      meter.less(round, scenario, peer.name(), Meter.DURABLE, "s", seconds + writing);
    }
    if (peer.makesEnvironment()) {
      meter.more(round, scenario, peer.name(), "good", "of 1", good ? 1 : 0);
    }
  }
}
