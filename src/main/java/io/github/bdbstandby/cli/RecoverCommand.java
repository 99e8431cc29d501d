package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.Environments;
import io.github.bdbstandby.standby.Environments.Recovered;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Runs catastrophic recovery in a directory that nobody has open, showing its progress.")
final class RecoverCommand implements Callable<Integer> {
  @Mixin private SourceOptions source;

  @Option(
      names = "--normal",
      description = "Normal recovery: from the last checkpoint, not from the first log record.")
  private boolean normal;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    try (Progress progress = Progress.onTerminal(reporting)) {
      return reporting.run(
          () -> Environments.recover(source.required(), normal, progress),
          recovered -> {
            progress.close();
            report(recovered);
          });
    }
  }

  private void report(Recovered recovered) {
    double seconds = CycleOutput.seconds(recovered.duration());
    if (reporting.isJson()) {
      ObjectNode json =
          Reporting.object("recover", "ok")
              .put("home", FileNames.shown(recovered.home()))
              .put("kind", normal ? "normal" : "catastrophic")
              .put("logFiles", recovered.logFiles());
      json.set("recoveredTo", CycleOutput.json(json, recovered.recoveredTo()));
      reporting.print(json.put("seconds", seconds));
    } else {
      reporting.say(
          String.format(
              Locale.ROOT,
              "%s: recovered to %s in %.3f s",
              FileNames.shown(recovered.home()),
              recovered.recoveredTo(),
              seconds));
    }
  }
}
