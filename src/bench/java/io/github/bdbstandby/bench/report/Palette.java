package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One colour for each subject, the same in every picture of a report, and in other reports of the
 * same subjects: blue for ours, grey for a limit, others for the others. They can be told apart by
 * the colour-blind, and stand out from light and from dark paper.
 */
final class Palette {
  private static final List<String> OURS = List.of("#0072b2", "#4a9fd8", "#5560c0");
  private static final List<String> LIMITS = List.of("#808890");
  private static final List<String> OTHERS =
      List.of("#d55e00", "#0b9572", "#b8689a", "#a67c00", "#8a6650", "#7f6fc0");

  private final Map<String, String> colours = new TreeMap<>();

  Palette(BenchReport report) {
    List<String> subjects = report.figures().stream().map(Figure::subject).sorted().toList();
    assign(subjects, each -> each.startsWith("ours"), OURS);
    assign(subjects, each -> each.startsWith("limit"), LIMITS);
    assign(subjects, each -> !colours.containsKey(each), OTHERS);
  }

  private void assign(List<String> subjects, Predicate<String> which, List<String> from) {
    List<String> chosen = subjects.stream().filter(which).distinct().toList();
    for (int i = 0; i < chosen.size(); i++) {
      colours.put(chosen.get(i), from.get(i % from.size()));
    }
  }

  String of(String subject) {
    return colours.get(subject);
  }
}
