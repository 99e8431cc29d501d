package io.github.bdbstandby.bench.report;

import io.github.bdbstandby.bench.report.Change.Kind;
import io.github.bdbstandby.bench.report.Figure.Better;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Two runs, set against each other. */
public final class Comparison {
  /** More rounds or scenarios tell more, but what they measure is the same. */
  private static final Set<String> HARMLESS = Set.of("rounds", "scenarios");

  private final BenchReport before;
  private final BenchReport after;
  private final List<String> unlike = new ArrayList<>();
  private final List<String> onlyBefore = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();

  /** What is compared with its like. */
  private record Series(
      String scenario, String what, String unit, Better better, List<Double> samples) {
    String name() {
      return scenario + ", " + what;
    }
  }

  private Comparison(BenchReport before, BenchReport after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Compares a run with an earlier one.
   *
   * @param effect the least change that matters, as a part of what was before
   */
  public static Comparison of(BenchReport before, BenchReport after, double effect) {
    Comparison comparison = new Comparison(before, after);
    comparison.unlike("machine", before.machine(), after.machine());
    comparison.unlike("settings", before.settings(), after.settings());
    comparison.compare(effect);
    return comparison;
  }

  private void unlike(String what, Map<String, String> old, Map<String, String> now) {
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    names.removeAll(HARMLESS);
    for (String name : names) {
      String was = old.getOrDefault(name, "not known");
      String is = now.getOrDefault(name, "not known");
      if (!was.equals(is)) {
        unlike.add("%s, %s: %s, then %s".formatted(what, name, was, is));
      }
    }
  }

  private void compare(double effect) {
    Map<String, Series> now = series(after);
    for (Series old : series(before).values()) {
      Series then = now.get(old.name());
      if (then == null) {
        onlyBefore.add(old.name());
      } else if (!old.unit().equals(then.unit()) || old.better() != then.better()) {
        unlike.add(
            "%s: in %s, then in %s"
                .formatted(
                    old.name(),
                    old.unit() + " (" + old.better().word() + " is better)",
                    then.unit() + " (" + then.better().word() + " is better)"));
      } else {
        changes.add(
            new Change(
                old.scenario(),
                old.what(),
                old.unit(),
                Spread.of(old.samples()).median(),
                Spread.of(then.samples()).median(),
                Change.kind(old.samples(), then.samples(), old.better(), effect)));
      }
    }
  }

  /** What can get worse: every figure, and those ratios of which one side is promised. */
  private static Map<String, Series> series(BenchReport report) {
    Map<String, Series> series = new LinkedHashMap<>();
    for (Figure figure : report.figures()) {
      add(
          series,
          new Series(
              figure.scenario(),
              figure.subject() + ", " + figure.measure(),
              figure.unit(),
              figure.better(),
              figure.samples()));
    }
    for (Ratio ratio : report.ratios()) {
      if (ratio.atLeast().isPresent() != ratio.atMost().isPresent()) {
        add(
            series,
            new Series(
                ratio.scenario(),
                ratio.name(),
                "ratio",
                ratio.atLeast().isPresent() ? Better.HIGHER : Better.LOWER,
                ratio.samples()));
      }
    }
    return series;
  }

  private static void add(Map<String, Series> all, Series series) {
    if (all.put(series.name(), series) != null) {
      throw new IllegalArgumentException(series.name() + " is there twice");
    }
  }

  /** What makes the two runs differ beforehand; empty if nothing does. */
  public List<String> unlike() {
    return List.copyOf(unlike);
  }

  /** Whether anything could be told at all. */
  public boolean tells() {
    return changes.stream().anyMatch(each -> each.kind() != Kind.UNTOLD);
  }

  /** Whether anything got worse. */
  public boolean worse() {
    return changes.stream().anyMatch(each -> each.kind() == Kind.WORSE);
  }

  List<Change> of(Kind kind) {
    return changes.stream().filter(each -> each.kind() == kind).toList();
  }

  /** All of it, for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("before: ").append(before.title()).append('\n');
    text.append("after:  ").append(after.title()).append('\n');
    moved(text, "worse", of(Kind.WORSE));
    moved(text, "better", of(Kind.BETTER));
    text.append("\n%d the same within noise%n".formatted(of(Kind.SAME).size()));
    names(
        text,
        "too few rounds to tell (5 in both are enough)",
        of(Kind.UNTOLD).stream().map(each -> each.scenario() + ", " + each.what()).toList());
    names(text, "only before", onlyBefore);
    return text.toString();
  }

  private static void moved(StringBuilder text, String kind, List<Change> changes) {
    if (!changes.isEmpty()) {
      text.append('\n').append(Table.changes(kind, changes).text());
    }
  }

  private static void names(StringBuilder text, String what, List<String> names) {
    if (!names.isEmpty()) {
      text.append(what).append(":\n");
      names.forEach(name -> text.append("  ").append(name).append('\n'));
    }
  }
}
