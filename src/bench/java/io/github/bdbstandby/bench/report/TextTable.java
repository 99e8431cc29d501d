package io.github.bdbstandby.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of words in columns, for a terminal. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final int left;

  /**
   * @param left how many of the columns are words, to the left; the others are numbers, to the
   *     right
   */
  TextTable(int left, String... head) {
    this.left = left;
    rows.add(List.of(head));
  }

  void add(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(List.of(cells) + " below " + rows.get(0));
    }
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  @Override
  public String toString() {
    return rows.stream().map(this::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      String space = " ".repeat(width(column) - length(cell));
      line.append(column == 0 ? "" : "  ").append(column < left ? cell + space : space + cell);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
