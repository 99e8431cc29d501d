package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.Standby;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Turns a standby into a primary: salvages what is reachable of the source's last logs,"
            + " recovers, takes the standby marks off. Stop the old primary first.")
final class FailoverCommand implements Callable<Integer> {
  @Option(
      names = "--standby",
      required = true,
      paramLabel = "S",
      description = "The standby's directory.")
  private Path standby;

  @Mixin private PasswordOption password;

  @Option(
      names = "--dry-run",
      description = "Print what each step would do, with files and bytes; change nothing.")
  private boolean dryRun;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    Standby target = Standby.at(standby);
    if (dryRun) {
      return reporting.run(
          () -> target.planFailover(password.read()),
          plans -> CycleOutput.plan(reporting, "failover", plans));
    }
    try (Progress progress = Progress.onTerminal(reporting)) {
      return reporting.run(
          () -> target.failover(password.read(), progress),
          report -> {
            progress.close();
            CycleOutput.report(reporting, report);
          });
    }
  }
}
