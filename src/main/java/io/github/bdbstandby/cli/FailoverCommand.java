package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.Standby;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Turns a standby into a primary: salvages what is reachable of the source's last logs,"
            + " recovers, sees that the environment opens for writing, takes the standby marks off."
            + " Stop the old primary first, or use --fence. The old primary's directory can become"
            + " the standby of the new one: 'snapshot --home NEW --standby OLD'. Ends with 4 where a"
            + " source that can be read has what can't be salvaged; see --accept-loss.")
final class FailoverCommand implements Callable<Integer> {
  @Mixin private StandbyOption standby;

  @Mixin private PasswordOption password;

  @Option(
      names = "--dry-run",
      description = "Print what each step would do, with files and bytes; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--take-over",
      description =
          "Stop a run that works on the standby now, such as 'follow', and go on. What can be refused"
              + " before that, such as a wrong password, leaves it at work.")
  private boolean takeOver;

  @Option(
      names = "--fence",
      description =
          "Make the old environment unusable before the last of its log is salvaged, if its regions"
              + " can be reached and nothing is objected to: whoever has it open must run recovery"
              + " (DB_PANIC_ENVIRONMENT).")
  private boolean fence;

  @Option(
      names = "--accept-loss",
      description =
          "Go on although the source can be read and has what can't be salvaged: log that no longer"
              + " joins on to the standby's, a database that its log does not lead to, insertions that"
              + " its log may not have. Without it that ends with 4, and nothing is changed. What is"
              + " given up is told.")
  private boolean acceptLoss;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    Standby target = standby.standby();
    FailoverOptions options = new FailoverOptions(password.read(), takeOver, fence, acceptLoss);
    if (dryRun) {
      return reporting.run(
          () -> target.planFailover(options),
          plans -> CycleOutput.plan(reporting, "failover", plans));
    }
    try (Progress progress = Progress.onTerminal(reporting)) {
      return reporting.run(
          () -> target.failover(options, progress),
          promotion -> {
            progress.close();
            CycleOutput.report(reporting, promotion);
          });
    }
  }
}
