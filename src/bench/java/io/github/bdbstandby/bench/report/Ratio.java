package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two subjects of one scenario, set against each other round by round, so that a machine whose
 * speed drifts does not blur it.
 *
 * @param scenario what was done
 * @param name what is divided by what: {@code hotbackup / ours-cli}
 * @param samples one a round
 * @param atLeast what it should reach; empty if nothing was promised
 * @param atMost what it should not exceed; empty if nothing was promised
 */
public record Ratio(
    String scenario,
    String name,
    List<Double> samples,
    OptionalDouble atLeast,
    OptionalDouble atMost) {

  public Ratio {
    samples = List.copyOf(samples);
    Spread.require(samples, scenario + " " + name);
  }

  /** Where the samples lie. */
  public Spread spread() {
    return Spread.of(samples);
  }

  /** What became of what was promised. */
  enum Verdict {
    MET,
    MISSED,
    /** Nothing was promised. */
    NONE;

    String word() {
      return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether the median is within what was promised. */
  Verdict verdict() {
    if (atLeast.isEmpty() && atMost.isEmpty()) {
      return Verdict.NONE;
    }
    double median = spread().median();
    boolean within =
        median >= atLeast.orElse(Double.NEGATIVE_INFINITY)
            && median <= atMost.orElse(Double.POSITIVE_INFINITY);
    return within ? Verdict.MET : Verdict.MISSED;
  }

  /** What was promised, in words; empty if nothing was. */
  String wanted() {
    return Stream.of(bound("at least ", atLeast), bound("at most ", atMost))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> bound(String words, OptionalDouble bound) {
    return bound.isPresent()
        ? Optional.of(words + Numbers.round(bound.getAsDouble()))
        : Optional.empty();
  }
}
