package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.SyncOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "sync",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Brings a standby up to date: the steps after the first, once. The home defaults to the one"
            + " that the standby was made from.")
final class SyncCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private StandbyOption standby;

  @Mixin private SourceOptions source;

  @Option(names = "--checkpoint", description = "Force a checkpoint in the source first.")
  private boolean checkpoint;

  @Option(
      names = "--dry-run",
      description = "Print what each step would do, with files and bytes; change nothing.")
  private boolean dryRun;

  @Mixin private OwnOrderOption ownOrder = new OwnOrderOption();

  @Mixin private PassiveOption passive = new PassiveOption();

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    Standby target = standby.standby();
    if (passive.isPassive() && checkpoint) {
      throw new ParameterException(
          spec.commandLine(), "--passive only reads: no --checkpoint with it");
    }
    if (dryRun) {
      return reporting.run(
          () -> target.planSync(options(target)),
          plans -> CycleOutput.plan(reporting, "sync", plans));
    }
    try (Progress progress = Progress.onTerminal(reporting)) {
      return reporting.run(
          () -> target.sync(options(target), progress),
          report -> {
            progress.close();
            CycleOutput.report(reporting, report);
          });
    }
  }

  private SyncOptions options(Standby target) {
    return new SyncOptions(
        source.of(target), source.password(), checkpoint, passive.isPassive(), ownOrder.names());
  }
}
