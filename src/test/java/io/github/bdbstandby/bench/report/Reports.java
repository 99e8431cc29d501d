package io.github.bdbstandby.bench.report;

import io.github.bdbstandby.bench.report.Figure.Better;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reports as a run might have measured them. */
final class Reports {
  /** A name with everything that markup takes for its own. */
  static final String AWKWARD = "a <b> & \"c\" 'd' \u00e9";

  private Reports() {}

  static BenchReport report() {
    return new BenchReport(
        "2026-01-02T03:04:05Z",
        "0.1.0",
        pairs("processor", "Some CPU <x86> & more", "cores", "2"),
        pairs("rounds", "5", "size", "1 GB"),
        List.of(
            figure("snapshot-quiet", "ours-cli", "wall", 1.21, 1.19, 1.25, 1.2, 1.22),
            figure("snapshot-quiet", "hotbackup", "wall", 3.4, 3.3, 3.9, 3.35, 3.41),
            figure("snapshot-quiet", "limit", "wall", 0.9, 0.91, 0.92, 0.9, 0.95),
            new Figure(
                "snapshot-quiet", AWKWARD, "lost", "commits", Better.LOWER, List.of(0.0, 0.0)),
            new Figure(
                "snapshot-busy",
                "hotbackup",
                "commits-per-second",
                "1/s",
                Better.HIGHER,
                List.of(1200.0, 1300.0, 1250.0, 1100.0, 1280.0))),
        List.of(
            new Ratio(
                "snapshot-quiet",
                "hotbackup / ours-cli",
                List.of(2.8, 2.7, 3.1, 2.8, 2.8),
                OptionalDouble.of(2),
                OptionalDouble.empty()),
            new Ratio(
                "snapshot-quiet",
                "ours-cli / limit",
                List.of(1.3, 1.3, 1.4, 1.3, 1.3),
                OptionalDouble.empty(),
                OptionalDouble.of(1.25)),
            new Ratio(
                "snapshot-busy",
                AWKWARD,
                List.of(1.0),
                OptionalDouble.empty(),
                OptionalDouble.empty())));
  }

  static Figure figure(String scenario, String subject, String measure, Double... samples) {
    return new Figure(scenario, subject, measure, "s", Better.LOWER, List.of(samples));
  }

  static Map<String, String> pairs(String... keysAndValues) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return pairs;
  }
}
