package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.Standby;
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
  @Mixin private StandbyOption standby;

  @Mixin private PasswordOption password;

  @Option(
      names = "--dry-run",
      description = "Print what each step would do, with files and bytes; change nothing.")
  private boolean dryRun;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    Standby target = standby.standby();
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
