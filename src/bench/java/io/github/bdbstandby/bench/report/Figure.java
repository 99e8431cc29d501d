package io.github.bdbstandby.bench.report;

import java.util.List;

/**
 * One thing measured of one subject, as often as there were rounds.
 *
 * @param scenario what was done, in the words of the command line: {@code snapshot-quiet}
 * @param subject who did it: {@code hotbackup}, {@code ours-cli}, {@code limit}
 * @param measure what was measured: {@code wall}, {@code commits-per-second}
 * @param unit of the samples: {@code s}, {@code MB}, {@code 1/s}
 * @param better which way is better
 * @param samples one a round, in the order of the rounds
 */
public record Figure(
    String scenario,
    String subject,
    String measure,
    String unit,
    Better better,
    List<Double> samples) {

  /** Which of two values is the better one. */
  public enum Better {
    LOWER,
    HIGHER;

    String word() {
      return this == LOWER ? "lower" : "higher";
    }
  }

  public Figure {
    samples = List.copyOf(samples);
    Spread.require(samples, scenario + " " + subject + " " + measure);
  }

  /** Where the samples lie. */
  public Spread spread() {
    return Spread.of(samples);
  }
}
