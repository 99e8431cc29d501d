package io.github.bdbstandby.disks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** README's table of file systems; and that of what was just measured. */
final class TearTable {
  private static final Path README =
      Path.of(System.getProperty("bdbstandby.testenvs")).resolveSibling("README.md");
  private static final Path MEASURED = README.resolveSibling("target/tears.md");
  private static final List<String> HEAD =
      List.of(
          "| source | `auto` | `reflink` | `direct` | pages torn by a plain copy | by ours |",
          "| --- | --- | --- | --- | --- | --- |");

  private final List<String> rows = new ArrayList<>();

  void add(Disk disk, Tally plain, Tally direct, Tally ours) {
    rows.add(row(disk.name(), plain.toString(), direct.toString(), ours.toString()));
  }

  /** Leaves what was measured in {@code target/tears.md}. */
  void write() throws IOException {
    List<String> all = new ArrayList<>();
    all.add(row("source", "torn by a plain copy", "by a direct one", "by ours"));
    all.add(row("---", "---", "---", "---"));
    all.addAll(rows);
    Files.createDirectories(MEASURED.getParent());
    Files.write(MEASURED, all);
  }

  static List<String> expected() {
    return Stream.concat(HEAD.stream(), Disk.all().stream().map(TearTable::row)).toList();
  }

  private static String row(Disk disk) {
    return row(
        disk.name(),
        disk.auto(),
        disk.reflink(),
        disk.direct(),
        disk.measured(),
        disk.isRefused() ? "–" : "none");
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** The table of README, as it stands there. */
  static List<String> inReadme() throws IOException {
    return Files.readAllLines(README).stream()
        .dropWhile(line -> !line.equals(HEAD.get(0)))
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
