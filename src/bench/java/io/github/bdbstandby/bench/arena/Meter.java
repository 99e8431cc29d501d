package io.github.bdbstandby.bench.arena;

import io.github.bdbstandby.bench.report.Figure;
import io.github.bdbstandby.bench.report.Ratio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Gathers samples, round by round, and makes figures and ratios of them. Not thread-safe. */
public final class Meter {
  /** The time that something took, in seconds. */
  public static final String WALL = "wall";

  /** The time until what was made would survive a power cut, in seconds. */
  public static final String DURABLE = "durable";

  private final boolean promising;
  private final Map<Subject, Series> figures = new LinkedHashMap<>();
  private final List<Ratio> ratios = new ArrayList<>();

  /**
   * For one run.
   *
   * @param promising whether what ratios should reach is noted: it was promised for environments of
   *     a certain size
   */
  Meter(boolean promising) {
    this.promising = promising;
  }

  private record Subject(String scenario, String name, String measure) {}

  private record Series(String unit, Figure.Better better, TreeMap<Integer, Double> byRound) {}

  /** Notes one sample of which less is better. */
  public void less(
      int round, String scenario, String subject, String measure, String unit, double sample) {
    add(round, new Subject(scenario, subject, measure), unit, Figure.Better.LOWER, sample);
  }

  /** Notes one sample of which more is better. */
  public void more(
      int round, String scenario, String subject, String measure, String unit, double sample) {
    add(round, new Subject(scenario, subject, measure), unit, Figure.Better.HIGHER, sample);
  }

  private void add(int round, Subject subject, String unit, Figure.Better better, double sample) {
    figures
        .computeIfAbsent(subject, key -> new Series(unit, better, new TreeMap<>()))
        .byRound()
        .put(round, sample);
  }

  /** The same with nothing promised. */
  public void ratio(String scenario, String measure, String over, String under) {
    ratio(scenario, measure, over, under, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** Divides one subject by another in each round that has both; nothing where none has. */
  public void ratio(
      String scenario,
      String measure,
      String over,
      String under,
      OptionalDouble atLeast,
      OptionalDouble atMost) {
    Map<Integer, Double> divisors = samples(scenario, under, measure);
    List<Double> quotients = new ArrayList<>();
    samples(scenario, over, measure)
        .forEach(
            (round, sample) -> {
              if (divisors.containsKey(round)) {
                quotients.add(sample / divisors.get(round));
              }
            });
    if (!quotients.isEmpty()) {
      String what = measure.equals(WALL) ? "" : measure + ": ";
      ratios.add(
          new Ratio(
              scenario,
              what + over + " / " + under,
              quotients,
              promised(atLeast),
              promised(atMost)));
    }
  }

  /** Sets a measure against a number that it should not exceed. */
  public void bound(
      String scenario, String subject, String measure, double number, String numberInWords) {
    Map<Integer, Double> samples = samples(scenario, subject, measure);
    if (!samples.isEmpty()) {
      ratios.add(
          new Ratio(
              scenario,
              measure + ": " + subject + " / " + numberInWords,
              samples.values().stream().map(sample -> sample / number).toList(),
              OptionalDouble.empty(),
              promised(OptionalDouble.of(1))));
    }
  }

  /** Sets a measure that is a quotient already against what it should reach. */
  public void reach(String scenario, String subject, String measure, OptionalDouble atLeast) {
    Map<Integer, Double> samples = samples(scenario, subject, measure);
    if (!samples.isEmpty()) {
      ratios.add(
          new Ratio(
              scenario,
              measure + ": " + subject,
              List.copyOf(samples.values()),
              promised(atLeast),
              OptionalDouble.empty()));
    }
  }

  private OptionalDouble promised(OptionalDouble bound) {
    return promising ? bound : OptionalDouble.empty();
  }

  private Map<Integer, Double> samples(String scenario, String subject, String measure) {
    Series series = figures.get(new Subject(scenario, subject, measure));
    return series == null ? Map.of() : series.byRound();
  }

  public List<Figure> figures() {
    return figures.entrySet().stream()
        .map(
            each ->
                new Figure(
                    each.getKey().scenario(),
                    each.getKey().name(),
                    each.getKey().measure(),
                    each.getValue().unit(),
                    each.getValue().better(),
                    List.copyOf(each.getValue().byRound().values())))
        .toList();
  }

  public List<Ratio> ratios() {
    return List.copyOf(ratios);
  }
}
