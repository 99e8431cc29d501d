package io.github.bdbstandby.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All kinds, in the order of the table; and the table. */
final class Catalogue {
  static final Path README =
      Path.of(System.getProperty("bdbstandby.testenvs")).resolveSibling("README.md");
  private static final Path TABLE = README.resolveSibling("target/catalogue.md");
  private static final List<String> HEAD =
      List.of(
          "| kind | what it is | snapshot | sync | failover | fail back |",
          "| --- | --- | --- | --- | --- | --- |");

  private final Map<String, Row> rows = new TreeMap<>();

  static List<Kind> kinds() throws IOException {
    List<Kind> kinds = new ArrayList<>(BankKind.all());
    kinds.addAll(SmallKind.all());
    return kinds;
  }

  void add(Row row) {
    rows.put(row.name(), row);
  }

  /** Leaves the rows that there are in {@code target/catalogue.md}. */
  void write() throws IOException {
    List<Row> inOrder = new ArrayList<>();
    for (Kind kind : kinds()) {
      Optional.ofNullable(rows.get(kind.name())).ifPresent(inOrder::add);
    }
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, table(inOrder));
  }

  static List<String> table(List<Row> rows) {
    return Stream.concat(HEAD.stream(), rows.stream().map(Row::line)).toList();
  }

  /** The table of README, as it stands there. */
  static List<String> inReadme() throws IOException {
    return Files.readAllLines(README).stream()
        .dropWhile(line -> !line.equals(HEAD.get(0)))
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
