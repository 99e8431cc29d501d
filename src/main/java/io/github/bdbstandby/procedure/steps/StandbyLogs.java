package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the steps want to know of the log files that the standby has. */
final class StandbyLogs {
  private StandbyLogs() {}

  /** Log files of the target before the first that its recovery needs, ascending. */
  static List<LogFile> unneeded(Cycle cycle) throws IOException {
    Path directory = cycle.target().logDirectory();
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    long first = cycle.log().firstNeeded();
    return LogFile.in(directory).stream().filter(log -> log.number() < first).toList();
  }

  /**
   * Log files of a standby made earlier that are whole and the source's own, byte for byte: those
   * before the one in which the standby's recovery wrote its own records.
   */
  static List<LogFile> pristine(Cycle cycle) throws IOException {
    Optional<Target.Held> held = cycle.target().held();
    if (held.isEmpty() || !Files.isDirectory(held.get().logDirectory())) {
      return List.of();
    }
    return LogFile.in(held.get().logDirectory()).stream()
        .filter(log -> held.get().isPristine(log.number()))
        .toList();
  }
}
