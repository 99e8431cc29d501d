package io.github.bdbstandby.standby;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a sync runs. Immutable.
 *
 * @param source the source as the user gives it; empty for the one that the standby was made from
 * @param password for the latter, if it is encrypted
 * @param checkpoint whether to force a checkpoint in the source first
 * @param passive whether to read the source's files only: {@link SourceRequest#passively}
 * @param ownOrder databases whose order is their application's own, besides those that the standby
 *     remembers; it remembers these too
 */
public record SyncOptions(
    Optional<SourceRequest> source,
    Optional<byte[]> password,
    boolean checkpoint,
    boolean passive,
    Set<String> ownOrder) {

  /**
   * Refuses a checkpoint of a source that is read only, and names that can't be of a database in
   * the home, by an {@link IllegalArgumentException}.
   */
  public SyncOptions {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(ownOrder, "ownOrder");
    ownOrder = OwnOrder.of(ownOrder);
    if (checkpoint && passive) {
      throw new IllegalArgumentException("a source that is not joined makes no checkpoint for us");
    }
  }

  /** Of this source, without a checkpoint: for an attached one, as the snapshot was. */
  public static SyncOptions of(SourceRequest source) {
    Objects.requireNonNull(source, "source");
    return builder().source(source).build();
  }

  /** The source that the standby was made from, no password, no checkpoint. */
  public static SyncOptions defaults() {
    return builder().build();
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Optional<SourceRequest> source = Optional.empty();
    private Optional<byte[]> password = Optional.empty();
    private boolean checkpoint;
    private boolean passive;
    private Set<String> ownOrder = Set.of();

    private Builder() {}

    /** The source, if it is to be opened otherwise than the standby remembers. */
    public Builder source(SourceRequest request) {
      Objects.requireNonNull(request, "request");
      source = Optional.of(request);
      return this;
    }

    /** Of the source that the standby was made from. */
    public Builder password(byte[] secret) {
      Objects.requireNonNull(secret, "secret");
      password = Optional.of(secret.clone());
      return this;
    }

    /** Whether to force a checkpoint in the source first. */
    public Builder checkpoint(boolean force) {
      checkpoint = force;
      return this;
    }

    /** Whether to read the source's files only. */
    public Builder passive(boolean readOnly) {
      passive = readOnly;
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

    /**
     * The options; {@link IllegalArgumentException} for a checkpoint of a source that is read only.
     */
    public SyncOptions build() {
      return new SyncOptions(source, password, checkpoint, passive, ownOrder);
    }
  }
}
