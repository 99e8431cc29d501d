package io.github.bdbstandby.bench.report;

import java.util.Map;
import java.util.stream.Collectors;

/** A report as tables of text. */
final class ReportText {
  private ReportText() {}

  static String of(BenchReport report) {
    StringBuilder text = new StringBuilder(report.title()).append('\n');
    text.append(pairs(report.machine())).append('\n');
    text.append(pairs(report.settings())).append('\n');
    text.append('\n').append(Table.figures(report.figures()).text());
    if (!report.ratios().isEmpty()) {
      text.append('\n').append(Table.ratios(report.ratios()).text());
      text.append(report.kept()).append('\n');
    }
    return text.toString();
  }

  private static String pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(each -> each.getKey() + ": " + each.getValue())
        .collect(Collectors.joining("; "));
  }
}
