package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.release.ManPage;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual knows what the program knows. */
final class ManPageTest {
  private static final List<String> PAGE =
      ManPage.text("1.2.3-rc.1", "2031-05-07").lines().toList();

  @Test
  void everyCommandAndOptionIsInIt() {
    CommandLine program = new CommandLine(Main.WithCommands.class);
    assertThat(program.getSubcommands()).isNotEmpty();
    program
        .getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(PAGE).contains(".SS " + name);
              for (OptionSpec option : command.getCommandSpec().options()) {
                String term = "\\fB" + option.longestName().replace("-", "\\-") + "\\fR";
                assertThat(PAGE).as(name).anyMatch(line -> line.contains(term));
              }
            });
    assertThat(PAGE.get(0)).contains("1.2.3\\-rc.1").contains("2031\\-05\\-07");
  }

  @Test
  void everyExitCodeIsInIt() {
    int codes = PAGE.indexOf(".SH \"EXIT STATUS\" ");
    assertThat(codes).isPositive();
    for (int code :
        new int[] {
          ExitCode.DONE,
          ExitCode.FAILED,
          ExitCode.USAGE,
          ExitCode.REFUSED,
          ExitCode.SNAPSHOT_NEEDED,
          ExitCode.DAMAGED
        }) {
      assertThat(PAGE.subList(codes, PAGE.size())).contains("\\fB" + code + "\\fR");
    }
  }

  /** A request begins a line; no text may look like one. */
  @Test
  void noTextIsTakenForARequest() {
    assertThat(PAGE)
        .filteredOn(line -> line.startsWith(".") || line.startsWith("'"))
        .allMatch(line -> line.matches("\\.(TH|SH|SS|TP|PP|B|BR|nh|ad)\\b.*"));
    assertThat(PAGE).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127));
  }
}
