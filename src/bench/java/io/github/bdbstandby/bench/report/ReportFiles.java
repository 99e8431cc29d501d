package io.github.bdbstandby.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Puts a report into a directory, and its text on standard output. */
public final class ReportFiles {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private ReportFiles() {}

  /** Writes every form of it; files of an earlier report are replaced. */
  public static void write(BenchReport report, Path directory) throws IOException {
    Files.createDirectories(directory);
    ReportJson.write(report, directory.resolve("report.json"));
    String text = ReportText.of(report);
    Files.writeString(directory.resolve("report.txt"), text);
    Palette palette = new Palette(report);
    Files.writeString(directory.resolve("report.html"), ReportPage.of(report, palette));
    List<String> scenarios = report.scenarios();
    for (int i = 0; i < scenarios.size(); i++) {
      String scenario = scenarios.get(i);
      String name = FILE_NAME.matcher(scenario).matches() ? scenario : "scenario-" + (i + 1);
      Files.writeString(
          directory.resolve(name + ".svg"),
          new ScenarioPlot(report, scenario, palette, "scenario").alone());
    }
    System.out.print(text);
  }
}
