package io.github.bdbstandby.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A scenario as a picture: for each measure a bar for each subject, as long as its median, with a
 * whisker from the least to the greatest sample.
 */
final class ScenarioPlot {
  /** How a picture looks, on light and on dark paper. */
  static final String STYLE =
      """
      .plot text { font: 13px system-ui, 'DejaVu Sans', sans-serif; fill: #1c2128; }
      .plot .heading { font-weight: 600; }
      .plot .name, .plot .value { font-size: 13px; }
      .plot .tick { font-size: 11px; fill: #57606a; }
      .plot .grid { stroke: #d8dee4; stroke-width: 1; }
      .plot .nought { stroke: #57606a; stroke-width: 1; }
      .plot .whisker { stroke: #1c2128; stroke-width: 1.5; fill: none; }
      .plot .paper { fill: #ffffff; }
      @media (prefers-color-scheme: dark) {
        .plot text { fill: #e6edf3; }
        .plot .tick { fill: #9aa4ae; }
        .plot .grid { stroke: #30363d; }
        .plot .nought { stroke: #9aa4ae; }
        .plot .whisker { stroke: #e6edf3; }
        .plot .paper { fill: #14181d; }
      }
      """;

  private static final double WIDTH = 760;
  private static final double NAMES = 190;
  private static final double BARS = 660;
  private static final double ROW = 26;
  private static final double BAR = 15;
  private static final double HEADING = 34;
  private static final double TICKS = 24;
  private static final double CAP = 4;
  private static final double TITLE = 30;
  private static final int NAME_LENGTH = 24;

  private final String scenario;
  private final Map<String, List<Figure>> measures;
  private final Palette palette;
  private final String id;
  private final Xml xml = new Xml();

  /**
   * @param id what no other picture on the page has
   */
  ScenarioPlot(BenchReport report, String scenario, Palette palette, String id) {
    this.scenario = scenario;
    this.measures =
        report.figuresOf(scenario).stream()
            .collect(
                Collectors.groupingBy(
                    ScenarioPlot::heading, LinkedHashMap::new, Collectors.toList()));
    this.palette = palette;
    this.id = id;
  }

  private static String heading(Figure figure) {
    return "%s (%s), %s is better"
        .formatted(figure.measure(), figure.unit(), figure.better().word());
  }

  /** A picture in a file of its own. */
  String alone() {
    open(TITLE);
    xml.leaf("style", STYLE);
    xml.empty("rect", "class", "paper", "width", "100%", "height", "100%");
    text("heading", 12, 22, "start", scenario);
    panels(TITLE);
    return xml.close() + "\n";
  }

  /** A picture on a page that has {@link #STYLE} and says what it is of. */
  String within() {
    open(0);
    panels(0);
    return xml.close().toString();
  }

  private void open(double above) {
    double height =
        above
            + measures.values().stream()
                .mapToDouble(figures -> HEADING + figures.size() * ROW + TICKS)
                .sum();
    xml.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        "plot",
        "role",
        "img",
        "viewBox",
        "0 0 " + Xml.length(WIDTH) + " " + Xml.length(height),
        "width",
        Xml.length(WIDTH),
        "height",
        Xml.length(height),
        "aria-labelledby",
        id + "-title " + id + "-desc");
    xml.leaf("title", scenario, "id", id + "-title");
    xml.leaf("desc", description(), "id", id + "-desc");
  }

  private String description() {
    return measures.entrySet().stream()
        .map(
            each ->
                each.getValue().stream()
                    .map(figure -> figure.subject() + " " + words(figure.spread()))
                    .collect(Collectors.joining("; ", each.getKey() + ": ", ".")))
        .collect(Collectors.joining(" "));
  }

  private static String words(Spread spread) {
    return "%s (%s to %s)"
        .formatted(
            Numbers.show(spread.median()),
            Numbers.show(spread.least()),
            Numbers.show(spread.greatest()));
  }

  private void panels(double from) {
    double top = from;
    for (Map.Entry<String, List<Figure>> measure : measures.entrySet()) {
      text("heading", 12, top + 22, "start", measure.getKey());
      top += HEADING;
      Scale scale = Scale.of(measure.getValue());
      double bottom = top + measure.getValue().size() * ROW;
      grid(scale, top, bottom);
      for (Figure figure : measure.getValue()) {
        row(figure, scale, top + ROW / 2);
        top += ROW;
      }
      double nought = x(scale, 0);
      line("nought", nought, bottom - measure.getValue().size() * ROW, nought, bottom);
      top = bottom + TICKS;
    }
  }

  private void grid(Scale scale, double top, double bottom) {
    for (double tick : scale.ticks()) {
      line("grid", x(scale, tick), top, x(scale, tick), bottom);
      text("tick", x(scale, tick), bottom + 14, "middle", Numbers.round(tick));
    }
  }

  private void row(Figure figure, Scale scale, double middle) {
    Spread spread = figure.spread();
    xml.open("g").leaf("title", figure.subject() + ": " + words(spread) + " " + figure.unit());
    text("name", NAMES - 10, middle + 4.5, "end", shortened(figure.subject()));
    double from = Math.min(x(scale, 0), x(scale, spread.median()));
    double to = Math.max(x(scale, 0), x(scale, spread.median()));
    xml.empty(
        "rect",
        "x",
        Xml.length(from),
        "y",
        Xml.length(middle - BAR / 2),
        "width",
        Xml.length(to - from),
        "height",
        Xml.length(BAR),
        "fill",
        palette.of(figure.subject()));
    whisker(x(scale, spread.least()), x(scale, spread.greatest()), middle);
    text("value", WIDTH - 12, middle + 4.5, "end", Numbers.show(spread.median()));
    xml.close();
  }

  private void whisker(double least, double greatest, double middle) {
    line("whisker", least, middle, greatest, middle);
    line("whisker", least, middle - CAP, least, middle + CAP);
    line("whisker", greatest, middle - CAP, greatest, middle + CAP);
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= NAME_LENGTH
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME_LENGTH - 1)) + "\u2026";
  }

  private static double x(Scale scale, double value) {
    return NAMES + scale.along(value) * (BARS - NAMES);
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    xml.empty(
        "line",
        "class",
        kind,
        "x1",
        Xml.length(x1),
        "y1",
        Xml.length(y1),
        "x2",
        Xml.length(x2),
        "y2",
        Xml.length(y2));
  }

  private void text(String kind, double x, double y, String anchor, String content) {
    xml.leaf(
        "text",
        content,
        "class",
        kind,
        "x",
        Xml.length(x),
        "y",
        Xml.length(y),
        "text-anchor",
        anchor);
  }
}
