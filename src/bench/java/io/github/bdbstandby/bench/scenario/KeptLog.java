package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Caches;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.Peer;
import io.github.bdbstandby.bench.peer.Peers;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** One cycle after the same work, in three environments that keep more and more log files. */
final class KeptLog implements Scenario {
  private static final int REPEATS = 5;
  private static final int NEW_COMMITS = 2000;

  /** An environment with its standby. */
  private record Keeping(int logs, Path source, Peer peer, Path backup) {
    String subject() {
      return peer.name() + "-" + logs;
    }
  }

  @Override
  public String name() {
    return "cycle-kept";
  }

  @Override
  public String description() {
    return "one cycle while 10, 100 and 1,000 log files are kept";
  }

  @Override
  public void run(Arena arena) throws Exception {
    boolean full = arena.size().isFull();
    List<Integer> counts = full ? List.of(10, 100, 1000) : List.of(10, 20, 50);
    Path template = template(arena, counts.get(counts.size() - 1));
    Path place = arena.fresh(name());
    List<Keeping> all = new ArrayList<>();
    List<Child> holders = new ArrayList<>();
    try {
      for (int count : counts) {
        Path source = Homes.copy(template, place.resolve("home-" + count));
        Homes.keepLogs(source, count);
        arena.describe(name() + "-" + count, source);
        holders.add(Application.hold(source));
        all.add(begin(count, source, Peers.ours(false), Peers.ours(true)));
        all.add(begin(count, source, Peers.guide(true), Peers.guide(false)));
      }
      for (int round = 0; round < arena.rounds(); round++) {
        round(arena, round, all);
      }
    } finally {
      for (Child holder : holders) {
        holder.close();
      }
    }
    arena.fresh(name());
    for (String peer : List.of("ours", "guide-copy")) {
      OptionalDouble flat = peer.equals("ours") ? OptionalDouble.of(1.05) : OptionalDouble.empty();
      int least = counts.get(0);
      for (int count : counts.subList(1, counts.size())) {
        arena
            .meter()
            .ratio(
                name(),
                Meter.WALL,
                peer + "-" + count,
                peer + "-" + least,
                OptionalDouble.empty(),
                flat);
      }
    }
  }

  private static Path template(Arena arena, int logs) throws Exception {
    boolean full = arena.size().isFull();
    List<String> options = new ArrayList<>(List.of("--types", "btree,hash"));
    options.addAll(List.of("--accounts", full ? "20000" : "1000", "--value-size", "250"));
    options.addAll(List.of("--log-size", full ? "1048576" : "131072"));
    options.addAll(List.of("--cache", "67108864"));
    return arena.kept("kept-" + logs, options, 100, home -> fill(home, logs));
  }

  private static void fill(Path home, int logs) throws IOException, InterruptedException {
    while (LogFile.in(home).size() < logs) {
      Application.run("run", home, "--commits", 5000, "--threads", 2, "--checkpoint-ms", 1000);
    }
  }

  private static Keeping begin(int logs, Path source, Peer whole, Peer update) throws Exception {
    Path backup = source.resolveSibling(whole.name() + "-" + logs);
    whole.prepare(source, backup);
    whole.run(source, backup);
    return new Keeping(logs, source, update, backup);
  }

  /** The median of a few repetitions is one sample. */
  private void round(Arena arena, int round, List<Keeping> all) throws Exception {
    List<List<Double>> samples =
        all.stream().map(each -> (List<Double>) new ArrayList<Double>()).toList();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      order.add(i);
    }
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      for (Path source : all.stream().map(Keeping::source).distinct().toList()) {
        Homes.keepLogs(source, logsOf(all, source));
        Application.run(
            "run",
            source,
            "--commits",
            arena.size().isFull() ? NEW_COMMITS : 100,
            "--threads",
            1,
            "--thread-base",
            100,
            "--checkpoint-ms",
            0);
        Application.run("checkpoint", source);
      }
      Collections.rotate(order, 1);
      for (int i : order) {
        Keeping each = all.get(i);
        Caches.WARM.prepare(each.source(), each.backup());
        samples.get(i).add(each.peer().run(each.source(), each.backup()));
      }
    }
    for (int i = 0; i < all.size(); i++) {
      double median = samples.get(i).stream().sorted().skip(REPEATS / 2).findFirst().orElseThrow();
      arena.say(
          String.format(
              Locale.ROOT,
              "%s, round %d: %s %.3f s",
              name(),
              round + 1,
              all.get(i).subject(),
              median));
      arena.meter().less(round, name(), all.get(i).subject(), Meter.WALL, "s", median);
    }
  }

  private static int logsOf(List<Keeping> all, Path source) {
    return all.stream()
        .filter(each -> each.source().equals(source))
        .findFirst()
        .orElseThrow()
        .logs();
  }
}
