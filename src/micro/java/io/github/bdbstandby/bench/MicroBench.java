package io.github.bdbstandby.bench;

import io.github.bdbstandby.bench.arena.Machine;
import io.github.bdbstandby.bench.report.BenchReport;
import io.github.bdbstandby.bench.report.Figure;
import io.github.bdbstandby.bench.report.Figure.Better;
import io.github.bdbstandby.bench.report.ReportFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Small things, measured by JMH, as a report like any other. */
@Command(
    name = "bench micro",
    mixinStandardHelpOptions = true,
    description = "Measures small things with JMH: the shim, a listing, pages, the manifest.")
public final class MicroBench implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      defaultValue = "Micro",
      description = "Those whose class and method it matches. Default: all.")
  private String regex;

  @Option(names = "--forks", defaultValue = "2", description = "JVMs for each. Default: 2.")
  private int forks;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "Of a second, in each JVM, after three to get warm. Default: 5.")
  private int iterations;

  @Mixin private ReportOption out;

  private MicroBench() {}

  /** Runs it and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new MicroBench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path report = out.orDefault("micro");
    String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Options options =
        new OptionsBuilder()
            .include(regex)
            .mode(Mode.AverageTime)
            .forks(forks)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    ReportFiles.write(
        new BenchReport(
            at,
            Machine.version(),
            Machine.describe(report),
            Map.of("rounds", forks + " x " + iterations),
            results.stream().map(MicroBench::figure).toList(),
            List.of()),
        report);
    return 0;
  }

  private static Figure figure(RunResult result) {
    BenchmarkParams params = result.getParams();
    String[] names = params.getBenchmark().split("\\.", -1);
    String given =
        params.getParamsKeys().stream()
            .map(key -> " " + key + "=" + params.getParam(key))
            .collect(Collectors.joining());
    List<Double> samples =
        result.getBenchmarkResults().stream()
            .flatMap(each -> each.getIterationResults().stream())
            .map(each -> each.getPrimaryResult().getScore())
            .toList();
    return new Figure(
        names[names.length - 2].replace("Micro", "").toLowerCase(Locale.ROOT),
        names[names.length - 1] + given,
        "time",
        result.getPrimaryResult().getScoreUnit(),
        Better.LOWER,
        samples);
  }
}
