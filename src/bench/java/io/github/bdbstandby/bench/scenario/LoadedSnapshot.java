package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Latencies;
import io.github.bdbstandby.bench.arena.Latencies.Felt;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.Access;
import io.github.bdbstandby.bench.peer.NeededLog;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.bench.peer.Peers;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * A whole snapshot under load, and what the application feels of it. Each peer has a source of its
 * own, with an application that has been at work for a while.
 *
 * @param rate of durable commits a second; 0 for as many as go
 * @param unhindered the part of its speed that the application should keep beside ours; empty if
 *     nothing was promised
 */
record LoadedSnapshot(String name, String description, int rate, OptionalDouble unhindered)
    implements Scenario {
  private static final String SPEED = "commits-during-to-before";

  static LoadedSnapshot unpaced() {
    return new LoadedSnapshot(
        "snapshot-load",
        "a whole snapshot, as many durable commits as go, and what the application feels",
        0,
        OptionalDouble.of(0.9));
  }

  static LoadedSnapshot paced() {
    return new LoadedSnapshot(
        "snapshot-load-paced",
        "the same at 1,000 durable commits a second",
        1000,
        OptionalDouble.empty());
  }

  @Override
  public void run(Arena arena) throws Exception {
    Path template = arena.standard();
    arena.describe(name, template);
    List<Peer> peers =
        Peers.snapshots(new NeededLog(), Access.OPEN).stream()
            .filter(Peer::makesEnvironment)
            .toList();
    for (int round = 0; round < arena.rounds(); round++) {
      List<Peer> order = new ArrayList<>(peers);
      Collections.rotate(order, -round);
      for (Peer peer : order) {
        take(arena, round, peer, Homes.copy(template, arena.fresh(name).resolve("home")));
      }
    }
    arena.fresh(name);
    report(arena.meter());
  }

  private void take(Arena arena, int round, Peer peer, Path source) throws Exception {
    Path backup = source.resolveSibling("backup");
    Path latencies = source.resolveSibling("latencies");
    long committed;
    double seconds;
    Instant begin;
    Instant start;
    Instant end;
    Instant close;
    try (Child application = application(arena, source, latencies)) {
      TimeUnit.SECONDS.sleep(arena.size().pacedSeconds());
      begin = Instant.now();
      TimeUnit.SECONDS.sleep(arena.size().pacedSeconds());
      peer.prepare(source, backup);
      committed = Latencies.count(latencies);
      start = Instant.now();
      seconds = peer.run(source, backup);
      end = Instant.now();
      TimeUnit.SECONDS.sleep(arena.size().pacedSeconds());
      close = Instant.now();
      application.stop();
    }
    Latencies all = Latencies.read(latencies);
    Felt before = all.between(begin, start);
    Felt during = all.between(start, end);
    boolean good = checked(source, backup, arena.standardCommits() + committed);
    arena.say(
        String.format(
            Locale.ROOT,
            "%s, round %d: %s %.3f s%s, %.0f commits/s before, %.0f during",
            name,
            round + 1,
            peer.name(),
            seconds,
            good ? "" : ", BAD",
            before.commitsPerSecond(),
            during.commitsPerSecond()));
    Meter meter = arena.meter();
    meter.more(round, name, peer.name(), "good", "of 1", good ? 1 : 0);
    if (good) {
      meter.less(round, name, peer.name(), Meter.WALL, "s", seconds);
    }
    felt(meter, round, peer, "before", before);
    felt(meter, round, peer, "during", during);
    felt(meter, round, peer, "after", all.between(end, close));
    meter.more(
        round,
        name,
        peer.name(),
        SPEED,
        "of 1",
        during.commitsPerSecond() / before.commitsPerSecond());
  }

  private Child application(Arena arena, Path source, Path latencies)
      throws IOException, InterruptedException {
    return Application.start(
        "run",
        source,
        "--seconds",
        0,
        "--threads",
        8,
        "--rate",
        rate,
        "--sync",
        "--thread-base",
        200,
        "--checkpoint-ms",
        arena.size().isFull() ? 5000 : 500,
        "--latencies",
        latencies);
  }

  /** A copy with torn pages may make the check itself end badly; that is no better. */
  private static boolean checked(Path source, Path backup, long commits)
      throws IOException, InterruptedException {
    return Files.isDirectory(backup) && Application.check(source, backup, commits);
  }

  private void felt(Meter meter, int round, Peer peer, String when, Felt felt) {
    meter.more(round, name, peer.name(), "commits-" + when, "1/s", felt.commitsPerSecond());
    meter.less(round, name, peer.name(), "p99-" + when, "ms", felt.p99());
  }

  private void report(Meter meter) {
    for (String ours : Peers.OURS) {
      meter.reach(name, ours, SPEED, unhindered);
      meter.ratio(name, Meter.WALL, "hotbackup", ours);
    }
    for (String other : Peers.OTHERS) {
      meter.ratio(
          name,
          SPEED,
          "ours",
          other,
          unhindered.isPresent() ? OptionalDouble.of(1) : OptionalDouble.empty(),
          OptionalDouble.empty());
    }
  }
}
