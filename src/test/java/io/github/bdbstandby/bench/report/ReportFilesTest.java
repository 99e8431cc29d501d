package io.github.bdbstandby.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written of a report says what was measured. */
final class ReportFilesTest {
  private final BenchReport report = Reports.report();

  @TempDir Path directory;

  @BeforeEach
  void write() throws Exception {
    ReportFiles.write(report, directory);
  }

  @Test
  void jsonReadsBackEqual() throws Exception {
    BenchReport read = ReportJson.read(directory.resolve("report.json"));
    assertThat(read).isEqualTo(report);
    assertThat(List.copyOf(read.machine().keySet())).containsExactly("processor", "cores");
  }

  @Test
  void textHasEachFigureAndWhetherPromisesAreKept() throws Exception {
    List<String> lines = Files.readAllLines(directory.resolve("report.txt"));
    assertThat(lines)
        .anyMatch(line -> line.matches("snapshot-quiet +wall +s +ours-cli +1.21 +1.19 +1.25 +5"))
        .anyMatch(line -> line.matches("snapshot-busy +commits.* 1,250 +1,100 +1,300 +5"))
        .anyMatch(line -> line.matches(".* hotbackup / ours-cli +at least 2 +yes +2\\.80 .*"))
        .anyMatch(line -> line.matches(".* ours-cli / limit +at most 1.25 +no +1\\.30 .*"));
  }

  @Test
  void ofTwoInTheMiddleTheMedianIsBetween() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void whatIsNoNumberIsNoSample() {
    assertThatThrownBy(() -> Reports.figure("s", "x", "wall", 1.0, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }
}
