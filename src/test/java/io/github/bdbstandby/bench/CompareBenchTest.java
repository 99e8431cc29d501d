package io.github.bdbstandby.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.bench.report.BenchReport;
import io.github.bdbstandby.bench.report.Figure;
import io.github.bdbstandby.bench.report.Figure.Better;
import io.github.bdbstandby.bench.report.Ratio;
import io.github.bdbstandby.bench.report.ReportFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** Two runs are told apart by what has moved beyond noise, and by nothing else. */
final class CompareBenchTest {
  private static final Map<String, String> MACHINE = Map.of("cores", "2");
  private static final Map<String, String> SETTINGS = Map.of("size", "1 GB", "rounds", "7");
  private static final double NOISE = 0.03;

  private final Random random = new Random(42);
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path work;

  private List<Double> samples(int rounds, double about) {
    return Stream.generate(() -> about * (1 + NOISE * random.nextGaussian()))
        .limit(rounds)
        .toList();
  }

  private Figure wall(String subject, List<Double> samples) {
    return new Figure("snapshot", subject, "wall", "s", Better.LOWER, samples);
  }

  private static BenchReport report(Figure... figures) {
    return new BenchReport("", "0.1.0", MACHINE, SETTINGS, List.of(figures), List.of());
  }

  private int compare(BenchReport before, BenchReport after, String... options) throws Exception {
    ReportFiles.write(before, work.resolve("before"));
    ReportFiles.write(after, work.resolve("after"));
    return run(
        Stream.concat(
            Stream.of(
                "compare",
                work.resolve("before/report.json").toString(),
                work.resolve("after/report.json").toString()),
            Stream.of(options)));
  }

  private int run(Stream<String> arguments) {
    CommandLine commandLine = Bench.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  @Test
  void aFifthSlowerIsFoundAmongNoise() throws Exception {
    BenchReport before = report(wall("ours", samples(7, 2)), wall("other", samples(7, 5)));
    BenchReport after = report(wall("ours", samples(7, 2.4)), wall("other", samples(7, 5)));
    assertThat(compare(before, after)).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("worse .*\\nsnapshot +ours, wall +s +\\+\\d\\d\\.\\d %")
        .contains("1 the same within noise")
        .doesNotContain("better ");
  }

  @Test
  void aFifthFasterIsNotWorse() throws Exception {
    BenchReport before = report(wall("ours", samples(7, 2.4)));
    assertThat(compare(before, report(wall("ours", samples(7, 2))))).isZero();
    assertThat(out.toString()).containsPattern("better .*\\nsnapshot +ours, wall");
  }

  @ParameterizedTest
  @EnumSource(Better.class)
  void whichWayIsWorseIsTheFiguresOwn(Better better) throws Exception {
    BenchReport before = report(new Figure("s", "x", "m", "1/s", better, samples(7, 100)));
    BenchReport after = report(new Figure("s", "x", "m", "1/s", better, samples(7, 80)));
    assertThat(compare(before, after)).isEqualTo(better == Better.HIGHER ? 1 : 0);
  }

  @Test
  void noiseIsNot() throws Exception {
    Figure[] before =
        Stream.of("a", "b", "c", "d").map(x -> wall(x, samples(7, 2))).toArray(Figure[]::new);
    Figure[] after =
        Stream.of("a", "b", "c", "d").map(x -> wall(x, samples(7, 2))).toArray(Figure[]::new);
    assertThat(compare(report(before), report(after))).isZero();
    assertThat(out.toString()).contains("4 the same within noise");
  }

  @Test
  void oneBadRoundIsNoise() throws Exception {
    List<Double> calm = List.of(2.0, 2.01, 2.02, 1.99, 1.98, 2.03, 1.97);
    List<Double> once = List.of(2.0, 2.01, 20.0, 1.99, 1.98, 2.03, 1.97);
    assertThat(compare(report(wall("x", calm)), report(wall("x", once)))).isZero();
  }

  @Test
  void whatIsSureButSmallDoesNotMatterUnlessAskedFor() throws Exception {
    BenchReport before = report(wall("x", List.of(2.0, 2.001, 2.002, 2.003, 2.004)));
    BenchReport after = report(wall("x", List.of(2.04, 2.041, 2.042, 2.043, 2.044)));
    assertThat(compare(before, after)).isZero();
    assertThat(compare(before, after, "--effect", "1")).isEqualTo(1);
  }

  @Test
  void fromNothingLostToSomethingLostIsWorse() throws Exception {
    BenchReport before = report(wall("x", List.of(0.0, 0.0, 0.0, 0.0, 0.0)));
    BenchReport after = report(wall("x", List.of(3.0, 3.0, 3.0, 3.0, 3.0)));
    assertThat(compare(before, after)).isEqualTo(1);
    assertThat(out.toString()).contains("from 0");
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 2", "4, 4, 2", "4, 5, 1", "5, 5, 1", "1, 30, 2", "40, 60, 1"})
  void tooFewRoundsTellNothing(int before, int after, int code) throws Exception {
    assertThat(compare(report(wall("x", samples(before, 1))), report(wall("x", samples(after, 2)))))
        .isEqualTo(code);
    assertThat(out.toString().contains("too few rounds to tell")).isEqualTo(code == 2);
  }

  @Test
  void aPromisedRatioIsComparedToo() throws Exception {
    assertThat(compare(ratio(samples(7, 3)), ratio(samples(7, 2.4)))).isEqualTo(1);
    assertThat(out.toString()).containsPattern("worse .*\\nsnapshot +other / ours +ratio");
  }

  private static BenchReport ratio(List<Double> samples) {
    Ratio ratio =
        new Ratio(
            "snapshot", "other / ours", samples, OptionalDouble.of(2), OptionalDouble.empty());
    return new BenchReport("", "0.1.0", MACHINE, SETTINGS, List.of(), List.of(ratio));
  }

  @Test
  void otherMachinesAndSettingsAreRefusedUnlessAskedFor() throws Exception {
    BenchReport before = report(wall("x", samples(7, 2)));
    BenchReport after =
        new BenchReport(
            "",
            "0.2.0",
            Map.of("cores", "4"),
            Map.of("size", "2 GB", "rounds", "9"),
            before.figures(),
            List.of());
    assertThat(compare(before, after)).isEqualTo(2);
    assertThat(err.toString())
        .contains("machine, cores: 2, then 4", "settings, size: 1 GB, then 2 GB", "--unlike")
        .doesNotContain("rounds");
    assertThat(out.toString()).isEmpty();
    assertThat(compare(before, after, "--unlike")).isZero();
  }

  @Test
  void moreRoundsAreNoOtherSetting() throws Exception {
    BenchReport before = report(wall("x", samples(7, 2)));
    BenchReport after =
        new BenchReport(
            "",
            "0.2.0",
            MACHINE,
            Map.of("size", "1 GB", "rounds", "9"),
            before.figures(),
            List.of());
    assertThat(compare(before, after)).isZero();
  }

  @Test
  void otherUnitsAreNeverCompared() throws Exception {
    Figure seconds = wall("x", samples(7, 2));
    Figure millis = new Figure("snapshot", "x", "wall", "ms", Better.LOWER, samples(7, 2000));
    assertThat(compare(report(seconds), report(millis), "--unlike")).isEqualTo(2);
    assertThat(err.toString()).contains("snapshot, x, wall: in s", "nothing could be compared");
  }

  @Test
  void whatIsNoLongerMeasuredIsNamed() throws Exception {
    Figure kept = wall("kept", samples(7, 2));
    assertThat(compare(report(kept, wall("gone", samples(7, 2))), report(kept))).isZero();
    assertThat(out.toString()).containsPattern("only before:\\n  snapshot, gone, wall");
  }

  @Test
  void whatIsNoReportIsMisuse() throws Exception {
    Path file = Files.writeString(work.resolve("x.json"), "{\"at\": \"2026\"}");
    assertThat(run(Stream.of("compare", file.toString(), file.toString()))).isEqualTo(2);
    assertThat(err.toString()).contains("x.json");
    assertThat(run(Stream.of("compare", file.toString()))).isEqualTo(2);
    assertThat(run(Stream.of("compare", file.toString(), "none"))).isEqualTo(2);
  }
}
