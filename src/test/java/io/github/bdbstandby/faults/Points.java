package io.github.bdbstandby.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The points known of each command, from its traces: first every name once, then any. */
final class Points {
  /** Some names come up in some environments only, so that a first aim may miss. */
  private static final int ATTEMPTS = 3;

  private final Map<String, TreeMap<String, Integer>> most = new HashMap<>();
  private final Map<String, Integer> aimedAt = new HashMap<>();
  private final Set<String> struck = new TreeSet<>();

  /** Takes in what a run of a command has done. */
  void learn(String command, Trace trace) {
    TreeMap<String, Integer> known = most.computeIfAbsent(command, key -> new TreeMap<>());
    trace.counts().forEach((name, count) -> known.merge(name, count, Math::max));
  }

  boolean knows(String command) {
    return most.containsKey(command);
  }

  private boolean isFresh(String key) {
    return !struck.contains(key) && aimedAt.getOrDefault(key, 0) < ATTEMPTS;
  }

  /** Whether a command has names that were never struck, or none are known yet. */
  boolean hasFresh(String command) {
    return !knows(command)
        || most.get(command).keySet().stream().anyMatch(name -> isFresh(key(command, name)));
  }

  /** A name that was never struck, if there is one; else any, and any of its occurrences. */
  Point next(String command, Random random) {
    TreeMap<String, Integer> known = most.get(command);
    List<String> fresh = new ArrayList<>(known.keySet());
    fresh.removeIf(name -> !isFresh(key(command, name)));
    if (!fresh.isEmpty()) {
      String name = fresh.get(random.nextInt(fresh.size()));
      aimedAt.merge(key(command, name), 1, Integer::sum);
      return new Point(name, 1);
    }
    List<String> all = List.copyOf(known.keySet());
    String name = all.get(random.nextInt(all.size()));
    return new Point(name, 1 + random.nextInt(known.get(name)));
  }

  /** Counts a point at which a fault has happened. */
  void struck(String command, Point point) {
    struck.add(key(command, point.name()));
  }

  /** Names known, of all commands. */
  int known() {
    return most.values().stream().mapToInt(Map::size).sum();
  }

  /** Names at which a fault has happened, each of its command. */
  Set<String> struck() {
    return struck;
  }

  private static String key(String command, String name) {
    return command + ": " + name;
  }
}
