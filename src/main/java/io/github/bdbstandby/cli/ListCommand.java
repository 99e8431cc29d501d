package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.Environments;
import io.github.bdbstandby.standby.Environments.Listing;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description = "Lists an environment's files: absolute paths, one a line, sorted.")
final class ListCommand implements Callable<Integer> {
  @Mixin private SourceOptions source;
  @Mixin private Reporting reporting;

  @ArgGroup(multiplicity = "1")
  private Which which;

  static final class Which {
    @Option(names = "--databases", description = "The database files that the log names.")
    @SuppressWarnings("UnusedVariable") // what is left when it is neither of the others
    private boolean databases;

    @Option(names = "--logs", description = "All log files.")
    private boolean logs;

    @Option(names = "--inactive", description = "The log files that are no longer in use.")
    private boolean inactive;

    Listing listing() {
      if (inactive) {
        return Listing.INACTIVE;
      }
      return logs ? Listing.LOGS : Listing.DATABASES;
    }
  }

  @Override
  public Integer call() {
    return reporting.run(() -> Environments.list(source.required(), which.listing()), this::report);
  }

  private void report(List<String> files) {
    if (reporting.isJson()) {
      ObjectNode json = Reporting.object("list", "ok");
      ArrayNode array = json.putArray("files");
      files.stream().map(FileNames::escaped).forEach(array::add);
      reporting.print(json);
    } else {
      files.forEach(file -> reporting.say(FileNames.escaped(file)));
    }
  }
}
