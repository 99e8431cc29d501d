package io.github.bdbstandby.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of words and, to the right of these, numbers; for a terminal and for a page. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();
  private final int words;

  /**
   * @param words how many of the columns, from the left, are words; the others are numbers
   */
  Table(int words, String... head) {
    this.words = words;
    rows.add(List.of(head));
  }

  static Table figures(List<Figure> figures) {
    Table table =
        new Table(
            5,
            "scenario",
            "measure",
            "unit",
            "better",
            "subject",
            "median",
            "least",
            "greatest",
            "rounds");
    for (Figure figure : figures) {
      table.add(
          figure.samples(),
          figure.scenario(),
          figure.measure(),
          figure.unit(),
          figure.better().word(),
          figure.subject());
    }
    return table;
  }

  static Table ratios(List<Ratio> ratios) {
    Table table =
        new Table(
            4, "scenario", "ratio", "wanted", "verdict", "median", "least", "greatest", "rounds");
    for (Ratio ratio : ratios) {
      table.add(
          ratio.samples(), ratio.scenario(), ratio.name(), ratio.wanted(), ratio.verdict().word());
    }
    return table;
  }

  static Table changes(String kind, List<Change> changes) {
    Table table = new Table(4, kind, "", "unit", "by", "before", "after");
    for (Change change : changes) {
      table.rows.add(
          List.of(
              change.scenario(),
              change.what(),
              change.unit(),
              change.by(),
              Numbers.show(change.before()),
              Numbers.show(change.after())));
    }
    return table;
  }

  private void add(List<Double> samples, String... first) {
    Spread spread = Spread.of(samples);
    List<String> row = new ArrayList<>(List.of(first));
    row.add(Numbers.show(spread.median()));
    row.add(Numbers.show(spread.least()));
    row.add(Numbers.show(spread.greatest()));
    row.add(String.valueOf(samples.size()));
    rows.add(List.copyOf(row));
  }

  String text() {
    return rows.stream().map(this::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      String space = " ".repeat(width(column) - length(cell));
      line.append(column == 0 ? "" : "  ").append(column < words ? cell + space : space + cell);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  String html(String caption) {
    Xml xml = new Xml().open("table").leaf("caption", caption);
    xml.open("thead").open("tr");
    List<String> head = rows.get(0);
    for (int column = 0; column < head.size(); column++) {
      xml.leaf("th", head.get(column), "scope", "col", "class", kind(column));
    }
    xml.close().close().open("tbody");
    for (List<String> row : rows.subList(1, rows.size())) {
      xml.open("tr");
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        boolean verdict = head.get(column).equals("verdict");
        xml.leaf("td", cell, "class", verdict ? "verdict " + cell : kind(column));
      }
      xml.close();
    }
    return xml.close().close().toString();
  }

  private String kind(int column) {
    return column < words ? "word" : "number";
  }
}
