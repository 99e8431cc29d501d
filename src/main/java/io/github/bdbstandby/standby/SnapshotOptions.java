package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a snapshot is taken.
 *
 * @param procedure the guide's short or long one; the standby keeps to it
 * @param archive where the long procedure moves log files
 * @param copy how database files are read; empty for the fastest that is safe
 * @param layout where the standby keeps them
 * @param checkpoint whether to force a checkpoint in the source first
 */
public record SnapshotOptions(
    Procedure procedure,
    Optional<Path> archive,
    Optional<CopyMethod> copy,
    Layout layout,
    boolean checkpoint) {

  public SnapshotOptions {
    if (procedure == Procedure.LONG && archive.isEmpty()) {
      throw new IllegalArgumentException("the procedure 'archive' needs an archive");
    }
  }

  /** The short procedure, everything else as is best. */
  public static SnapshotOptions defaults() {
    return new SnapshotOptions(
        Procedure.SHORT, Optional.empty(), Optional.empty(), Layout.MIRROR, false);
  }
}
