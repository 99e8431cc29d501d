package io.github.bdbstandby.bench.report;

import io.github.bdbstandby.bench.report.Ratio.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run has measured.
 *
 * @param at when it began, in ISO 8601, UTC
 * @param version of bdb-standby
 * @param machine what it ran on: processor, cores, memory, kernel, file system
 * @param settings what it was asked for; not where its files go, so that two runs can be compared
 */
public record BenchReport(
    String at,
    String version,
    Map<String, String> machine,
    Map<String, String> settings,
    List<Figure> figures,
    List<Ratio> ratios) {

  public BenchReport {
    machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    figures = List.copyOf(figures);
    ratios = List.copyOf(ratios);
  }

  String title() {
    return "bdb-standby " + version + ", measured " + at;
  }

  /** How many of the promises are kept, in words. */
  String kept() {
    long met = ratios.stream().filter(each -> each.verdict() == Verdict.MET).count();
    long missed = ratios.stream().filter(each -> each.verdict() == Verdict.MISSED).count();
    return met + " of " + (met + missed) + " bounds are met.";
  }

  /** Every scenario, in the order of the figures. */
  List<String> scenarios() {
    return figures.stream().map(Figure::scenario).distinct().toList();
  }

  List<Figure> figuresOf(String scenario) {
    return figures.stream().filter(each -> each.scenario().equals(scenario)).toList();
  }
}
