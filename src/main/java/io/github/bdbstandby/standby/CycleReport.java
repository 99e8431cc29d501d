package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.StepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a snapshot, a sync or a failover went.
 *
 * @param command {@code snapshot}, {@code sync}, {@code follow} or {@code failover}
 * @param home the source's
 * @param standby the standby's directory
 * @param procedure {@code copy} or {@code archive}
 * @param copyMethod how the databases were read when the standby was made
 * @param steps in the order in which they were taken
 * @param logs which log files there are
 * @param recoveredTo where the source's history ends in the standby
 * @param epoch of the standby now
 * @param duration of all of it, guards included
 * @param notes what the user should know besides: one sentence each
 */
public record CycleReport(
    String command,
    Path home,
    Path standby,
    String procedure,
    String copyMethod,
    List<StepReport> steps,
    Logs logs,
    Lsn recoveredTo,
    long epoch,
    Duration duration,
    List<String> notes) {

  /**
   * Log files.
   *
   * @param retained how many the source keeps
   * @param needed how many recovery read
   * @param first the lowest of these, empty if there is none
   * @param last the highest
   */
  public record Logs(long retained, long needed, Optional<Long> first, Optional<Long> last) {}

  /** The same under another command's name. */
  CycleReport as(String otherCommand) {
    return with(otherCommand, notes);
  }

  /** The same with one note more. */
  CycleReport noting(String note) {
    return with(command, Stream.concat(notes.stream(), Stream.of(note)).toList());
  }

  private CycleReport with(String otherCommand, List<String> otherNotes) {
    return new CycleReport(
        otherCommand,
        home,
        standby,
        procedure,
        copyMethod,
        steps,
        logs,
        recoveredTo,
        epoch,
        duration,
        otherNotes);
  }

  /** Keeps copies of the lists. */
  public CycleReport {
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }
}
