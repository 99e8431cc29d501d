package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a snapshot is taken. Immutable.
 *
 * @param procedure the guide's short or long one; the standby keeps to it
 * @param archive where the long procedure moves log files
 * @param copy how database files are read; empty for the fastest that is safe
 * @param layout where the standby keeps them
 * @param checkpoint whether to force a checkpoint in the source first
 * @param limits how gently databases are copied
 * @param ownOrder databases whose order is their application's own, for verify and drills
 */
public record SnapshotOptions(
    Procedure procedure,
    Optional<Path> archive,
    Optional<CopyMethod> copy,
    Layout layout,
    boolean checkpoint,
    CopyLimits limits,
    Set<String> ownOrder) {

  /**
   * Refuses the long procedure without an archive, and names that can't be of a database in the
   * home, by an {@link IllegalArgumentException}.
   */
  public SnapshotOptions {
    Objects.requireNonNull(procedure, "procedure");
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(copy, "copy");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(ownOrder, "ownOrder");
    ownOrder = OwnOrder.of(ownOrder);
    if (procedure == Procedure.LONG && archive.isEmpty()) {
      throw new IllegalArgumentException("the procedure 'archive' needs an archive");
    }
  }

  /** The short procedure, everything else as is best. */
  public static SnapshotOptions defaults() {
    return builder().build();
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Procedure procedure = Procedure.SHORT;
    private Optional<Path> archive = Optional.empty();
    private Optional<CopyMethod> copy = Optional.empty();
    private Layout layout = Layout.MIRROR;
    private boolean checkpoint;
    private CopyLimits limits = CopyLimits.NONE;
    private Set<String> ownOrder = Set.of();

    private Builder() {}

    /**
     * The long procedure: log files move from the source and from the standby into this archive.
     */
    public Builder archive(Path directory) {
      Objects.requireNonNull(directory, "directory");
      procedure = Procedure.LONG;
      archive = Optional.of(directory.toAbsolutePath());
      return this;
    }

    /** How database files are read; refused where it is not page-atomic. */
    public Builder copy(CopyMethod method) {
      Objects.requireNonNull(method, "method");
      copy = Optional.of(method);
      return this;
    }

    /** Where the standby keeps what the source keeps in its data directories; mirror by default. */
    public Builder layout(Layout newLayout) {
      Objects.requireNonNull(newLayout, "newLayout");
      layout = newLayout;
      return this;
    }

    /** Whether to force a checkpoint in the source first. */
    public Builder checkpoint(boolean force) {
      checkpoint = force;
      return this;
    }

    /** How many bytes a second of databases to copy at most, on the average; 0 for no limit. */
    public Builder bytesPerSecond(long rate) {
      limits = new CopyLimits(rate, limits.bufferBytes());
      return this;
    }

    /** How much each copying thread reads and writes at a time: a power of two. */
    public Builder bufferBytes(int bytes) {
      limits = new CopyLimits(limits.bytesPerSecond(), bytes);
      return this;
    }

    /**
     * Databases whose keys or duplicates are in an order of their application's own, or hashed by a
     * function of its own: {@link VerifyOptions.Builder#ownOrder}. The standby remembers them.
     */
    public Builder ownOrder(String... names) {
      ownOrder = OwnOrder.of(names);
      return this;
    }

    /** The options. */
    public SnapshotOptions build() {
      return new SnapshotOptions(procedure, archive, copy, layout, checkpoint, limits, ownOrder);
    }
  }
}
