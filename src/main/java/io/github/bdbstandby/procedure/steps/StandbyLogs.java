package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the steps want to know of the log files that the standby has. */
public final class StandbyLogs {
  private StandbyLogs() {}

  /** Log files of the target before the first that its recovery needs, ascending. */
  static List<LogFile> unneeded(Cycle cycle) throws IOException {
    Path directory = cycle.target().logDirectory();
    return Files.isDirectory(directory) ? before(directory, cycle.log().firstNeeded()) : List.of();
  }

  /** Log files of a directory, if there is one, before the first that is needed, ascending. */
  public static List<LogFile> before(Path directory, long first) throws IOException {
    Objects.requireNonNull(directory, "directory");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
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

  /** So many bytes of a log file are the source's own. */
  record Part(LogFile log, long length) {}

  /**
   * What an old standby has of log files that the source does not have any more, ascending: of its
   * last one, and what waits for it.
   */
  static List<Part> onlyHere(Cycle cycle) throws IOException {
    Optional<Target.Held> held = cycle.target().held();
    OptionalLong first = cycle.source().logFiles().stream().mapToLong(LogFile::number).min();
    if (held.isEmpty() || held.get().end().isZero() || first.isEmpty()) {
      return List.of();
    }
    Map<Long, Part> parts = new TreeMap<>();
    Lsn end = held.get().end();
    Path last = held.get().logDirectory().resolve(LogFile.nameOf(end.file()));
    if (Files.exists(last)) {
      parts.put(end.file(), new Part(new LogFile(end.file(), last), end.offset()));
    }
    if (Files.isDirectory(held.get().waiting())) {
      for (LogFile log : LogFile.in(held.get().waiting())) {
        if (!held.get().isPristine(log.number()) && log.size() > 0) {
          parts.merge(
              log.number(),
              new Part(log, log.size()),
              (ours, waits) -> waits.length() > ours.length() ? waits : ours);
        }
      }
    }
    return parts.values().stream().filter(part -> part.log().number() < first.getAsLong()).toList();
  }
}
