package io.github.bdbstandby.bench.report;

import java.util.List;

/**
 * Where samples lie.
 *
 * @param least the least of them
 * @param median half of them are not above it, half not below it
 * @param greatest the greatest of them
 */
public record Spread(double least, double median, double greatest) {

  /** Of at least one sample. */
  public static Spread of(List<Double> samples) {
    double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  static void require(List<Double> samples, String of) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(of + ": no samples");
    }
    if (!samples.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(of + ": not a number among " + samples);
    }
  }
}
