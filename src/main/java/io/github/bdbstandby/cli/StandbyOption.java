package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.Standby;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which standby, for all commands that work on one. */
final class StandbyOption {
  @Option(
      names = "--standby",
      required = true,
      paramLabel = "S",
      description = "The standby's directory.")
  private Path directory;

  Standby standby() {
    return Standby.at(directory);
  }
}
