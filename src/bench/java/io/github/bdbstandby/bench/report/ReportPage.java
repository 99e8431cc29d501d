package io.github.bdbstandby.bench.report;

import java.util.List;
import java.util.Map;

/** A report as one page that needs nothing else: no script, no font, no network. */
final class ReportPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; }
      body { margin: 0; font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
      body { color: #1c2128; background: #ffffff; }
      main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
      h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
      h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; }
      h2 { border-top: 1px solid #d8dee4; }
      .wide { overflow-x: auto; margin: 1rem 0; }
      .wide svg { max-width: 100%; height: auto; min-width: 34rem; }
      table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
      caption { text-align: left; font-weight: 600; padding: .25rem 0; }
      th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0; }
      th, td { border-bottom: 1px solid #d8dee4; }
      th { font-weight: 600; }
      tbody th { font-weight: 400; }
      .number { text-align: right; white-space: nowrap; }
      .met { color: #116329; font-weight: 600; }
      .missed { color: #b3261e; font-weight: 600; }
      @media (prefers-color-scheme: dark) {
        body { color: #e6edf3; background: #14181d; }
        h2, th, td { border-color: #30363d; }
        .met { color: #5fcf80; }
        .missed { color: #ff8f85; }
      }
      """;

  private final BenchReport report;
  private final Palette palette;
  private final StringBuilder page = new StringBuilder();

  private ReportPage(BenchReport report, Palette palette) {
    this.report = report;
    this.palette = palette;
  }

  static String of(BenchReport report, Palette palette) {
    return new ReportPage(report, palette).page();
  }

  private String page() {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n");
    add(
        new Xml()
            .open("head")
            .empty("meta", "charset", "utf-8")
            .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
            .leaf("title", report.title())
            .leaf("style", STYLE + ScenarioPlot.STYLE)
            .close());
    page.append("<body>\n<main>\n");
    leaf("h1", report.title());
    leaf(
        "p",
        "Bars stand for the medians of the rounds; whiskers reach from the least to the greatest"
            + " sample. A ratio is taken in each round, and its median is what counts.");
    if (!report.ratios().isEmpty()) {
      leaf("h2", "Ratios");
      leaf("p", report.kept());
      table("Ratios, and what they should be", Table.ratios(report.ratios()));
    }
    List<String> scenarios = report.scenarios();
    for (int i = 0; i < scenarios.size(); i++) {
      scenario(scenarios.get(i), "scenario-" + (i + 1));
    }
    leaf("h2", "Machine and settings");
    pairs("What it ran on", report.machine());
    pairs("What it was asked for", report.settings());
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private void scenario(String scenario, String id) {
    leaf("h2", scenario);
    wide("Picture of " + scenario, new ScenarioPlot(report, scenario, palette, id).within());
    table("Figures of " + scenario, Table.figures(report.figuresOf(scenario)));
  }

  private void table(String caption, Table table) {
    wide(caption, table.html(caption));
  }

  private void pairs(String caption, Map<String, String> pairs) {
    Xml xml = new Xml().open("table").leaf("caption", caption).open("tbody");
    pairs.forEach(
        (name, value) -> xml.open("tr").leaf("th", name, "scope", "row").leaf("td", value).close());
    wide(caption, xml.close().close().toString());
  }

  /** What may be wider than the page scrolls by itself, also by keys. */
  private void wide(String label, String content) {
    page.append(
        new Xml()
            .open("div", "class", "wide", "role", "region", "tabindex", "0", "aria-label", label)
            .text(""));
    page.append(content).append("</div>\n");
  }

  private void leaf(String element, String text) {
    add(new Xml().leaf(element, text));
  }

  private void add(Xml xml) {
    page.append(xml).append('\n');
  }
}
