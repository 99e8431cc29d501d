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
 * @param procedure the guide's short or long one, which the standby keeps to; empty for that which
 *     it is kept by so far, with its archive, and for the short one if it is none yet
 * @param archive where the long procedure moves log files
 * @param copy how database files are read; empty for the fastest that is safe
 * @param layout where the standby keeps them; empty as for the procedure, at first {@code MIRROR}
 * @param checkpoint whether to force a checkpoint in the source first
 * @param limits how gently databases are copied
 * @param ownOrder databases whose order is their application's own, for verify and drills, beside
 *     those that the standby remembers
 */
public record SnapshotOptions(
    Optional<Procedure> procedure,
    Optional<Path> archive,
    Optional<CopyMethod> copy,
    Optional<Layout> layout,
    boolean checkpoint,
    CopyLimits limits,
    Set<String> ownOrder) {

  /**
   * Refuses the long procedure without an archive, an archive without the long procedure, and names
   * that can't be of a database in the home, by an {@link IllegalArgumentException}.
   */
  public SnapshotOptions {
    Objects.requireNonNull(procedure, "procedure");
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(copy, "copy");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(ownOrder, "ownOrder");
    ownOrder = OwnOrder.of(ownOrder);
    boolean isLong = procedure.equals(Optional.of(Procedure.LONG));
    if (isLong && archive.isEmpty()) {
      throw new IllegalArgumentException("the procedure 'archive' needs an archive");
    }
    if (!isLong && archive.isPresent()) {
      throw new IllegalArgumentException("an archive is for the procedure 'archive' only");
    }
  }

  /** As the standby is kept so far, at first by the short procedure; all else as is best. */
  public static SnapshotOptions defaults() {
    return builder().build();
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Optional<Procedure> procedure = Optional.empty();
    private Optional<Path> archive = Optional.empty();
    private Optional<CopyMethod> copy = Optional.empty();
    private Optional<Layout> layout = Optional.empty();
    private boolean checkpoint;
    private CopyLimits limits = CopyLimits.NONE;
    private Set<String> ownOrder = Set.of();

    private Builder() {}

    /**
     * The long procedure: log files move from the source and from the standby into this archive.
     */
    public Builder archive(Path directory) {
      Objects.requireNonNull(directory, "directory");
      procedure = Optional.of(Procedure.LONG);
      archive = Optional.of(directory.toAbsolutePath());
      return this;
    }

    /** The short procedure, also where the standby has been kept by the long one. */
    public Builder withoutArchive() {
      procedure = Optional.of(Procedure.SHORT);
      archive = Optional.empty();
      return this;
    }

    /** How database files are read; refused where it is not page-atomic. */
    public Builder copy(CopyMethod method) {
      Objects.requireNonNull(method, "method");
      copy = Optional.of(method);
      return this;
    }

    /** Where the standby keeps what the source keeps in its data directories. */
    public Builder layout(Layout newLayout) {
      Objects.requireNonNull(newLayout, "newLayout");
      layout = Optional.of(newLayout);
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
