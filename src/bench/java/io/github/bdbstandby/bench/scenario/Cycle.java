package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Caches;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.arena.Size;
import io.github.bdbstandby.bench.peer.Access;
import io.github.bdbstandby.bench.peer.NeededLog;
import io.github.bdbstandby.bench.peer.OurProgram;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.bench.peer.Peers;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One cycle after new commits, the source keeping as many log files as before.
 *
 * @param work the writer's options for the new commits
 * @param fasterThanUpdates how many times {@code hotbackup -u}'s speed ours should have, if
 *     something was promised
 * @param replay how many times the bare replay's time ours may take; nothing is promised where the
 *     log is short
 * @param cold whether the kernel has nothing of the files in memory; a standby that was brought up
 *     to date a moment ago is there
 */
record Cycle(
    String name,
    String description,
    Function<Size, List<String>> work,
    OptionalDouble fasterThanUpdates,
    OptionalDouble replay,
    boolean cold)
    implements Scenario {

  /** After some seconds of 1,000 durable commits a second. */
  static Cycle paced() {
    return new Cycle(
        "cycle-paced",
        "one cycle after 5 s of 1,000 durable commits a second",
        size ->
            List.of(
                "--commits",
                String.valueOf(1000 * size.pacedSeconds()),
                "--rate",
                "1000",
                "--threads",
                "8",
                "--sync",
                "--checkpoint-ms",
                "1000"),
        OptionalDouble.of(20),
        OptionalDouble.empty(),
        false);
  }

  /** After a burst. */
  static Cycle bulk() {
    return new Cycle(
        "cycle-bulk",
        "one cycle after 200,000 unpaced commits",
        size ->
            List.of(
                "--commits",
                String.valueOf(size.unpacedCommits()),
                "--threads",
                "4",
                "--checkpoint-ms",
                size.isFull() ? "5000" : "100"),
        OptionalDouble.of(4),
        OptionalDouble.of(1.1),
        false);
  }

  /** As the first, when the kernel has nothing of the files in memory. */
  static Cycle pacedCold() {
    return new Cycle(
        "cycle-paced-cold",
        "the same as cycle-paced, nothing of the files in memory",
        paced().work(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        true);
  }

  @Override
  public void run(Arena arena) throws Exception {
    Path source = Homes.copy(arena.standard(), arena.fresh(name).resolve("home"));
    arena.describe(name, source);
    int kept = LogFile.in(source).size();
    NeededLog needed = new NeededLog();
    AtomicLong commits = new AtomicLong(arena.standardCommits());
    Contest contest =
        new Contest(
            arena,
            name,
            Peers.updates(needed),
            cold ? arena.coldCaches() : Caches.WARM,
            (home, backup) -> Application.check(home, backup, commits.get()));
    try (Child holder = Application.hold(source)) {
      needed.mark(source);
      for (Peer peer : contest.peers()) {
        begin(peer, source, contest.backup(peer));
      }
      for (int round = 0; round < arena.rounds(); round++) {
        Homes.keepLogs(source, kept);
        commits.addAndGet(commit(source, work.apply(arena.size())));
        contest.round(round, source, false);
        arena
            .meter()
            .less(
                round, name, "limit", "log-needed", "MB", Homes.bytes(needed.files(source)) / 1e6);
        needed.mark(source);
      }
      holder.kill();
    }
    arena.fresh(name);
    report(arena.meter());
  }

  /** A source at rest is its own backup; ours must know that it is one. */
  private static void begin(Peer peer, Path source, Path backup) throws Exception {
    if (Peers.OURS.contains(peer.name())) {
      new OurProgram(false, Access.OPEN).run(source, backup);
    } else {
      Homes.copy(source, backup);
    }
  }

  private static long commit(Path source, List<String> work) throws Exception {
    List<String> options = new ArrayList<>(work);
    options.addAll(List.of("--thread-base", "100"));
    return Application.run("run", source, options).path("commits").asLong();
  }

  private void report(Meter meter) {
    for (String ours : Peers.OURS) {
      meter.ratio(name, Meter.WALL, "hotbackup-u", ours, fasterThanUpdates, OptionalDouble.empty());
      meter.ratio(name, Meter.WALL, ours, "bare-replay", OptionalDouble.empty(), replay);
    }
    for (String other : Peers.UPDATES) {
      meter.ratio(name, Meter.WALL, other, "ours");
      meter.ratio(name, Meter.DURABLE, other, "ours");
    }
  }
}
