package io.github.bdbstandby.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many faults were survived, and what was lost. */
final class Report {
  private final Map<String, Integer> survived = new TreeMap<>();
  private final Map<String, Integer> others = new TreeMap<>();
  private final List<String> losses = new ArrayList<>();

  void survived(String kind) {
    survived.merge(kind, 1, Integer::sum);
  }

  /** Something else worth a number. */
  void count(String what) {
    others.merge(what, 1, Integer::sum);
  }

  void lost(String what) {
    losses.add(what);
  }

  int survived() {
    return survived.values().stream().mapToInt(Integer::intValue).sum();
  }

  List<String> losses() {
    return List.copyOf(losses);
  }

  /** For people. */
  String text(Points points) {
    StringBuilder text = new StringBuilder();
    text.append(survived()).append(" faults survived, ").append(losses.size()).append(" losses\n");
    survived.forEach((kind, count) -> text.append(String.format("%6d  %s%n", count, kind)));
    text.append(points.struck().size())
        .append(" of ")
        .append(points.known())
        .append(" known fault points struck, each of its command\n");
    text.append("besides:\n");
    others.forEach((what, count) -> text.append(String.format("%6d  %s%n", count, what)));
    losses.forEach(loss -> text.append("LOSS: ").append(loss).append('\n'));
    return text.toString();
  }
}
