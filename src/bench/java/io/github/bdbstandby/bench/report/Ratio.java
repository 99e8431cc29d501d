package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.OptionalDouble;

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
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(scenario + " " + name + ": no samples");
    }
  }
}
