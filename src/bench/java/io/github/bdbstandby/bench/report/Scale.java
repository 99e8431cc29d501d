package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Values on a line: nought is always on it, so that bars are as long as what they stand for.
 *
 * @param step from tick to tick
 */
record Scale(double low, double high, double step) {
  private static final int ABOUT = 5;

  static Scale of(List<Figure> figures) {
    double low = figures.stream().mapToDouble(each -> each.spread().least()).min().orElse(0);
    double high = figures.stream().mapToDouble(each -> each.spread().greatest()).max().orElse(0);
    double from = Math.min(0, low);
    double to = Math.max(0, high);
    if (from == to) {
      return new Scale(0, 1, 1);
    }
    double step = round((to - from) / ABOUT);
    return new Scale(Math.floor(from / step) * step, Math.ceil(to / step) * step, step);
  }

  /** The next of 1, 2 and 5, and their tens and tenths. */
  private static double round(double least) {
    double ten = Math.pow(10, Math.floor(Math.log10(least)));
    return IntStream.of(1, 2, 5)
        .mapToDouble(each -> each * ten)
        .filter(x -> x >= least)
        .findFirst()
        .orElse(10 * ten);
  }

  List<Double> ticks() {
    long count = Math.round((high - low) / step);
    return IntStream.rangeClosed(0, (int) count).mapToObj(i -> low + i * step).toList();
  }

  /** How far a value is along the line, from 0 to 1. */
  double along(double value) {
    return (value - low) / (high - low);
  }
}
