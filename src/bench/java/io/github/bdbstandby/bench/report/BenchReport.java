package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.Map;

/**
 * What one run has measured.
 *
 * @param at when it began, in ISO 8601, UTC
 * @param version of bdb-standby
 * @param machine what it ran on: processor, cores, memory, kernel, file system
 * @param settings what it was asked for
 */
public record BenchReport(
    String at,
    String version,
    Map<String, String> machine,
    Map<String, String> settings,
    List<Figure> figures,
    List<Ratio> ratios) {

  public BenchReport {
    machine = Map.copyOf(machine);
    settings = Map.copyOf(settings);
    figures = List.copyOf(figures);
    ratios = List.copyOf(ratios);
  }
}
