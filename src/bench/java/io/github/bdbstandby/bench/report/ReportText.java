package io.github.bdbstandby.bench.report;

import java.util.Map;
import java.util.stream.Collectors;

/** A report as tables of text. */
final class ReportText {
  private ReportText() {}

  static String of(BenchReport report) {
    StringBuilder text = new StringBuilder();
    text.append("bdb-standby ").append(report.version()).append(", ").append(report.at());
    text.append('\n').append(pairs(report.machine()));
    text.append('\n').append(pairs(report.settings())).append("\n\n").append(figures(report));
    TextTable ratios = ratios(report);
    if (!ratios.isEmpty()) {
      text.append('\n').append(ratios);
    }
    return text.toString();
  }

  private static TextTable figures(BenchReport report) {
    TextTable table =
        new TextTable(
            4, "scenario", "measure", "unit", "subject", "median", "least", "greatest", "rounds");
    for (Figure figure : report.figures()) {
      Spread spread = figure.spread();
      table.add(
          figure.scenario(),
          figure.measure(),
          figure.unit(),
          figure.subject(),
          Numbers.show(spread.median()),
          Numbers.show(spread.least()),
          Numbers.show(spread.greatest()),
          String.valueOf(figure.samples().size()));
    }
    return table;
  }

  private static TextTable ratios(BenchReport report) {
    TextTable table =
        new TextTable(4, "scenario", "ratio", "wanted", "met", "median", "least", "greatest");
    for (Ratio ratio : report.ratios()) {
      Spread spread = ratio.spread();
      table.add(
          ratio.scenario(),
          ratio.name(),
          ratio.wanted(),
          verdict(ratio),
          Numbers.show(spread.median()),
          Numbers.show(spread.least()),
          Numbers.show(spread.greatest()));
    }
    return table;
  }

  /** Whether a ratio is what was promised; empty if nothing was. */
  static String verdict(Ratio ratio) {
    if (!ratio.bounded()) {
      return "";
    }
    return ratio.met() ? "yes" : "no";
  }

  private static String pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue())
        .collect(Collectors.joining("; "));
  }
}
