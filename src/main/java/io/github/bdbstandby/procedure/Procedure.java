package io.github.bdbstandby.procedure;

import io.github.bdbstandby.procedure.steps.ArchiveStandbyLogs;
import io.github.bdbstandby.procedure.steps.CopyDatabases;
import io.github.bdbstandby.procedure.steps.CopyLogs;
import io.github.bdbstandby.procedure.steps.MoveInactiveLogs;
import io.github.bdbstandby.procedure.steps.Recover;
import io.github.bdbstandby.procedure.steps.RemoveStandbyLogs;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The guide's two numbered lists. */
@SuppressWarnings("ImmutableEnumChecker") // steps hold nothing
public enum Procedure {
  /**
   * The short one.
   *
   * <ol>
   *   <li>Identify the active environment's database files and copy them to the standby.
   *   <li>Remove the existing log files from the standby.
   *   <li>Identify the active environment's log files and copy them to the standby.
   *   <li>Run catastrophic recovery in the standby.
   * </ol>
   *
   * Steps 2 to 4 may be repeated as often as wanted.
   */
  SHORT("copy", new CopyDatabases(), new RemoveStandbyLogs(), new CopyLogs(), new Recover()),

  /**
   * The long one, for whoever removes log files from the active environment.
   *
   * <ol>
   *   <li>Identify the active environment's database files and copy them to the standby.
   *   <li>Archive the existing log files of the standby, moving them to a backup device.
   *   <li>Identify the active environment's log files that are no longer in use, and move them.
   *   <li>Identify the active environment's remaining log files, and copy them.
   *   <li>Run catastrophic recovery in the standby.
   * </ol>
   *
   * Steps 2 to 5 may be repeated as often as wanted.
   */
  LONG(
      "archive",
      new CopyDatabases(),
      new ArchiveStandbyLogs(),
      new MoveInactiveLogs(),
      new CopyLogs(),
      new Recover());

  private final String word;
  private final List<Step> steps;

  Procedure(String word, Step... steps) {
    this.word = word;
    this.steps = List.of(steps);
  }

  /** The name on the command line: {@code copy} or {@code archive}. */
  public String word() {
    return word;
  }

  /**
   * The procedure of that name, in upper or lower case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Procedure parse(String word) {
    Objects.requireNonNull(word, "word");
    for (Procedure procedure : values()) {
      if (procedure.word.equals(word.toLowerCase(Locale.ROOT))) {
        return procedure;
      }
    }
    throw new IllegalArgumentException("procedure must be copy or archive: " + word);
  }

  /** All steps: what a snapshot takes. */
  public List<Step> steps() {
    return steps;
  }

  /** The steps after the first: what may be repeated. */
  public List<Step> repeatableSteps() {
    return steps.subList(1, steps.size());
  }
}
