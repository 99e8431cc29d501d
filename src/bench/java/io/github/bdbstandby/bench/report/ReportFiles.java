package io.github.bdbstandby.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a report into a directory, and its text on standard output. */
public final class ReportFiles {
  private ReportFiles() {}

  /** Writes every form of it; files of an earlier report are replaced. */
  public static void write(BenchReport report, Path directory) throws IOException {
    Files.createDirectories(directory);
    ReportJson.write(report, directory.resolve("report.json"));
    String text = ReportText.of(report);
    Files.writeString(directory.resolve("report.txt"), text);
    System.out.print(text);
  }
}
