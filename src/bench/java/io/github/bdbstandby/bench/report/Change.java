package io.github.bdbstandby.bench.report;

import io.github.bdbstandby.bench.report.Figure.Better;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/**
 * One thing that two runs have measured.
 *
 * @param before the median of the earlier run
 * @param after the median of the later one
 */
record Change(String scenario, String what, String unit, double before, double after, Kind kind) {
  /** How rarely chance alone may look like a change. */
  private static final double CHANCE = 0.02;

  /** What became of it. */
  enum Kind {
    WORSE,
    BETTER,
    /** No more than noise, or too little to matter. */
    SAME,
    /** So few rounds that chance could have done it, whatever they say. */
    UNTOLD
  }

  /**
   * Tells a change from noise: by the ranks of the samples, so that one bad round does not count
   * for more than it is, and only if the medians are apart by enough to matter.
   *
   * @param effect the least change that matters, as a part of what was before
   */
  static Kind kind(List<Double> before, List<Double> after, Better better, double effect) {
    if (leastChance(before.size(), after.size()) >= CHANCE) {
      return Kind.UNTOLD;
    }
    double from = Spread.of(before).median();
    double to = Spread.of(after).median();
    boolean matters = from != to && Math.abs(to - from) >= effect * Math.abs(from);
    if (!matters || chance(before, after) >= CHANCE) {
      return Kind.SAME;
    }
    return to < from == (better == Better.LOWER) ? Kind.BETTER : Kind.WORSE;
  }

  private static double chance(List<Double> before, List<Double> after) {
    return MannWhitneyUTest.withDefaults().test(array(before), array(after)).getPValue();
  }

  /** What the test says of so many samples when all of one run are below all of the other. */
  private static double leastChance(int before, int after) {
    double ways = 1;
    for (int i = 1; i <= after; i++) {
      ways *= (before + i) / (double) i;
    }
    return 2 / ways;
  }

  private static double[] array(List<Double> samples) {
    return samples.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** By how much, in words. */
  String by() {
    if (before == 0) {
      return after == 0 ? "0 %" : "from 0";
    }
    return String.format(Locale.ROOT, "%+.1f %%", 100 * (after - before) / Math.abs(before));
  }
}
