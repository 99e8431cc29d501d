package io.github.bdbstandby.bench.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  /** Every scenario, in the order of the figures. */
  List<String> scenarios() {
    return Stream.concat(
            figures.stream().map(Figure::scenario), ratios.stream().map(Ratio::scenario))
        .distinct()
        .toList();
  }

  List<Figure> figuresOf(String scenario) {
    return figures.stream().filter(each -> each.scenario().equals(scenario)).toList();
  }

  List<Ratio> ratiosOf(String scenario) {
    return ratios.stream().filter(each -> each.scenario().equals(scenario)).toList();
  }
}
