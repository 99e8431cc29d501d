package io.github.bdbstandby.standby;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a standby is verified. Immutable.
 *
 * @param password of an encrypted standby
 * @param ownOrder databases whose order is their application's own, besides those that the standby
 *     remembers: {@link Builder#ownOrder}
 */
public record VerifyOptions(Optional<byte[]> password, Set<String> ownOrder) {

  /**
   * Refuses names that can't be of a database in the home, by an {@link IllegalArgumentException}.
   */
  public VerifyOptions {
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(ownOrder, "ownOrder");
    ownOrder = OwnOrder.of(ownOrder);
  }

  /** No password, and the order that the standby remembers. */
  public static VerifyOptions defaults() {
    return builder().build();
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Optional<byte[]> password = Optional.empty();
    private Set<String> ownOrder = Set.of();

    private Builder() {}

    /** Of an encrypted standby. */
    public Builder password(byte[] secret) {
      Objects.requireNonNull(secret, "secret");
      password = Optional.of(secret.clone());
      return this;
    }

    /**
     * Databases whose keys or duplicates are in an order of their application's own, or hashed by a
     * function of its own: that is left out, all else is verified. Names as the application opens
     * them, relative to the home or a data directory; {@code *} for all.
     */
    public Builder ownOrder(String... names) {
      ownOrder = OwnOrder.of(names);
      return this;
    }

    /** The options. */
    public VerifyOptions build() {
      return new VerifyOptions(password, ownOrder);
    }
  }
}
