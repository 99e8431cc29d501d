package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DatabaseCensus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What verification found.
 *
 * @param standby its directory
 * @param files how many files at rest were compared with the manifest
 * @param databases how many databases of a recovered scratch copy went through libdb's verify
 * @param bytes read
 * @param damage one sentence for each finding, with the file; empty if all is well
 * @param duration of all of it
 * @param drill how the copy was put to use, if that was asked for
 * @param notes what limits what was found, one sentence each
 */
public record VerificationReport(
    Path standby,
    long files,
    long databases,
    long bytes,
    List<String> damage,
    Duration duration,
    Optional<Drill> drill,
    List<String> notes) {

  /**
   * A recovered copy, opened for writing and read to its end.
   *
   * @param result what the manifest keeps of it
   * @param counts the records of each database
   * @param notes databases that could not be opened without their application: one sentence each
   */
  public record Drill(
      StandbyStatus.Drill result, List<DatabaseCensus.Count> counts, List<String> notes) {
    /** Keeps copies of the lists. */
    public Drill {
      counts = List.copyOf(counts);
      notes = List.copyOf(notes);
    }
  }

  /** Keeps copies of the lists. */
  public VerificationReport {
    damage = List.copyOf(damage);
    notes = List.copyOf(notes);
  }

  /** Whether no damage was found. */
  public boolean isGood() {
    return damage.isEmpty();
  }
}
