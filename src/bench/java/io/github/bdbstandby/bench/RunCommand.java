package io.github.bdbstandby.bench;

import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Machine;
import io.github.bdbstandby.bench.arena.Size;
import io.github.bdbstandby.bench.report.BenchReport;
import io.github.bdbstandby.bench.report.ReportFiles;
import io.github.bdbstandby.bench.scenario.Scenario;
import io.github.bdbstandby.bench.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures scenarios and writes a report. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Measures scenarios, ours beside what people use today, and writes a report.")
final class RunCommand implements Callable<Integer> {
  @Option(names = "--scenario", description = "Repeatable. Default: all. See --list.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "Names the scenarios and measures nothing.")
  private boolean list;

  @Option(
      names = "--scale",
      defaultValue = "small",
      description = "small, for trying, or full. Default: small.")
  private String scale;

  @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.")
  private int rounds;

  @Option(
      names = "--dir",
      defaultValue = "target/bench",
      description = "Where to work: on the device to be measured. Default: target/bench.")
  private Path directory;

  @Mixin private ReportOption out;

  @Override
  public Integer call() throws Exception {
    if (list) {
      for (Scenario scenario : Scenarios.all()) {
        System.out.printf("%-18s %s%n", scenario.name(), scenario.description());
      }
      return 0;
    }
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Arena arena = new Arena(directory, Size.of(scale), rounds);
    List<Scenario> done = new ArrayList<>();
    for (Scenario scenario : Scenarios.named(names)) {
      scenario.run(arena);
      done.add(scenario);
      // A long run that is cut off leaves what it has measured.
      ReportFiles.write(report(start, arena, done), out.orDefault("report").toAbsolutePath());
    }
    return 0;
  }

  private BenchReport report(Instant start, Arena arena, List<Scenario> done) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("scenarios", String.join(" ", done.stream().map(Scenario::name).toList()));
    settings.put("scale", scale);
    settings.put("rounds", String.valueOf(rounds));
    settings.put("caches of snapshots", arena.coldCaches().description());
    settings.putAll(arena.environments());
    return new BenchReport(
        start.toString(),
        Machine.version(),
        Machine.describe(directory),
        settings,
        arena.meter().figures(),
        arena.meter().ratios());
  }
}
