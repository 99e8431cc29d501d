package io.github.bdbstandby.bench;

import io.github.bdbstandby.bench.report.BenchReport;
import io.github.bdbstandby.bench.report.Comparison;
import io.github.bdbstandby.bench.report.ReportJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What has moved from one run to another, beyond noise. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "What has moved from one run to another, beyond noise: the samples' ranks differ (Mann and"
          + " Whitney's test, 2 %% for chance), and the medians are apart by the effect or more."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing got worse",
      "1:something got worse",
      "2:misuse, or the two runs can't be compared"
    })
final class CompareBench implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "OLD", description = "report.json of the earlier run.")
  private Path old;

  @Parameters(index = "1", paramLabel = "NEW", description = "report.json of the later run.")
  private Path now;

  @Option(
      names = "--effect",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description = "The least change of a median that matters, in percent. Default: 5.")
  private double effect;

  @Option(
      names = "--unlike",
      description = "Compare runs of other machines or settings, too; what differs is said.")
  private boolean unlike;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!(effect >= 0)) {
      throw misuse("--effect " + effect + ": must not be below 0");
    }
    Comparison comparison = compare(read(old), read(now));
    for (String each : comparison.unlike()) {
      spec.commandLine().getErr().println("unlike: " + each);
    }
    if (!unlike && !comparison.unlike().isEmpty()) {
      throw misuse("the two runs are not alike; --unlike compares them all the same");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(comparison.text());
    out.flush();
    if (!comparison.tells()) {
      throw misuse("nothing could be compared");
    }
    return comparison.worse() ? 1 : 0;
  }

  private Comparison compare(BenchReport before, BenchReport after) {
    try {
      return Comparison.of(before, after, effect / 100);
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private BenchReport read(Path file) {
    try {
      return ReportJson.read(file);
    } catch (IOException e) {
      throw misuse(file + ": " + e.getMessage());
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
