package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.NeededLog;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.bench.peer.Peers;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A whole snapshot while nobody writes.
 *
 * @param subject whose environment it is of
 * @param names of the peers that take it
 * @param atStandardSize whether the environment is the one for which figures were promised
 * @param memory whether ours from the command line is also taken with little memory, and looked at
 */
record Snapshot(
    String name,
    String description,
    Subject subject,
    Set<String> names,
    boolean atStandardSize,
    boolean memory)
    implements Scenario {

  private static final Set<String> ALL =
      Set.of(
          "hotbackup",
          "hotbackup-c",
          "guide-copy",
          "guide-archive",
          "java-api",
          "ours-cli",
          "ours",
          "limit");
  private static final Set<String> FEW =
      Set.of("hotbackup", "guide-copy", "java-api", "ours-cli", "ours", "limit");

  static Snapshot quiet() {
    return new Snapshot(
        "snapshot-quiet",
        "a whole snapshot while nobody writes",
        new Subject.Standard(),
        ALL,
        true,
        false);
  }

  static Snapshot memoryOnly() {
    return new Snapshot(
        "memory", "what a snapshot takes of memory", new Subject.Standard(), Set.of(), false, true);
  }

  static Snapshot large() {
    return new Snapshot(
        "large",
        "a snapshot of one database of 8 GiB",
        new Subject.Large(),
        Set.of("hotbackup", "ours-cli", "ours", "limit"),
        false,
        true);
  }

  static Snapshot many() {
    return new Snapshot(
        "many", "a snapshot of 5,000 small databases", new Subject.Many(), FEW, false, true);
  }

  static Snapshot pages() {
    return new Snapshot(
        "pages", "a snapshot, pages of 64 KiB", new Subject.BigPages(), FEW, false, false);
  }

  static Snapshot encrypted() {
    return new Snapshot(
        "encrypted",
        "a snapshot of an encrypted environment",
        new Subject.Encrypted(),
        FEW,
        false,
        false);
  }

  @Override
  public void run(Arena arena) throws Exception {
    if (arena.room() < subject.room(arena)) {
      arena.say(name + ": left out, it takes " + (subject.room(arena) >> 30) + " GiB of disk");
      return;
    }
    Path made = subject.make(arena);
    Path source = Homes.copy(made, arena.fresh(name).resolve("home"));
    arena.describe(name, source);
    NeededLog needed = new NeededLog(subject.access(arena));
    List<Peer> peers =
        Peers.snapshots(needed, subject.access(arena)).stream()
            .filter(peer -> names.contains(peer.name()))
            .toList();
    Contest contest =
        new Contest(
            arena,
            name,
            peers,
            arena.coldCaches(),
            (home, backup) -> subject.check(arena, home, backup));
    warmUp(arena);
    try (Child holder = Application.hold(source)) {
      needed.mark(source);
      for (int round = 0; round < arena.rounds(); round++) {
        contest.round(round, source, true);
        if (memory) {
          Memory.measure(arena, name, round, source, subject.access(arena));
        }
      }
      holder.kill();
    }
    arena.fresh(name);
    report(arena.meter());
  }

  /** An application that keeps a standby in process has the classes loaded. */
  private static void warmUp(Arena arena) throws Exception {
    Path home = arena.fresh("warm-up").resolve("home");
    Application.run("init", home, "--types", "btree", "--accounts", 100);
    Peers.ours(false).run(home, home.resolveSibling("backup"));
    arena.fresh("warm-up");
  }

  private void report(Meter meter) {
    for (String ours : Peers.OURS) {
      OptionalDouble faster = atStandardSize ? OptionalDouble.of(10) : OptionalDouble.empty();
      OptionalDouble slower = atStandardSize ? OptionalDouble.of(1.3) : OptionalDouble.empty();
      meter.ratio(name, Meter.WALL, "hotbackup", ours, faster, OptionalDouble.empty());
      meter.ratio(name, Meter.WALL, ours, "limit", OptionalDouble.empty(), slower);
    }
    for (String other : Peers.OTHERS) {
      if (!other.equals("hotbackup")) {
        meter.ratio(name, Meter.WALL, other, "ours");
      }
      meter.ratio(name, Meter.DURABLE, other, "ours");
    }
    meter.bound(name, "ours-cli", Memory.HEAP, Memory.HEAP_LIMIT, "64 MB");
  }
}
