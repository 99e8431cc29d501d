package io.github.bdbstandby.standby;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How a standby is followed. Immutable.
 *
 * @param source the source as the user gives it; empty for the one that the standby was made from
 * @param password for the latter, if it is encrypted
 * @param interval between the starts of two cycles in which the log is applied
 * @param shipInterval between two looks for new log
 * @param snapshotOnGap whether to take a new snapshot when the standby can't be brought forward,
 *     instead of stopping
 * @param passive whether to read the source's files only: {@link SourceRequest#passively}
 * @param drillInterval between two drills, made between cycles; empty for none
 * @param ownOrder databases whose order is their application's own, besides those that the standby
 *     remembers; it remembers these too
 */
public record FollowOptions(
    Optional<SourceRequest> source,
    Optional<byte[]> password,
    Duration interval,
    Duration shipInterval,
    boolean snapshotOnGap,
    boolean passive,
    Optional<Duration> drillInterval,
    Set<String> ownOrder) {

  /**
   * Refuses intervals of nothing or less, and names that can't be of a database in the home, by an
   * {@link IllegalArgumentException}.
   */
  public FollowOptions {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(shipInterval, "shipInterval");
    Objects.requireNonNull(drillInterval, "drillInterval");
    Objects.requireNonNull(ownOrder, "ownOrder");
    ownOrder = OwnOrder.of(ownOrder);
    if (interval.isNegative()
        || interval.isZero()
        || shipInterval.isNegative()
        || shipInterval.isZero()
        || drillInterval.filter(each -> each.isNegative() || each.isZero()).isPresent()) {
      throw new IllegalArgumentException("intervals must be longer than nothing");
    }
  }

  /** Ships every 100 ms, applies every second, takes a new snapshot when it must. */
  public static FollowOptions defaults() {
    return builder().build();
  }

  /** The usual intervals, of this source: for an attached one, as the snapshot was. */
  public static FollowOptions of(SourceRequest source) {
    Objects.requireNonNull(source, "source");
    return builder().source(source).build();
  }

  /** Those of each cycle. */
  SyncOptions ofCycle() {
    return new SyncOptions(source, password, false, passive, ownOrder);
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Optional<SourceRequest> source = Optional.empty();
    private Optional<byte[]> password = Optional.empty();
    private Duration interval = Duration.ofSeconds(1);
    private Duration shipInterval = Duration.ofMillis(100);
    private boolean snapshotOnGap = true;
    private boolean passive;
    private Optional<Duration> drillInterval = Optional.empty();
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

    /** Between the starts of two cycles in which log is applied. */
    public Builder interval(Duration time) {
      Objects.requireNonNull(time, "time");
      interval = time;
      return this;
    }

    /** Between two looks at the source's log for new bytes. */
    public Builder shipInterval(Duration time) {
      Objects.requireNonNull(time, "time");
      shipInterval = time;
      return this;
    }

    /** Whether to take a new snapshot when the standby can't be brought forward, or to end. */
    public Builder snapshotOnGap(boolean take) {
      snapshotOnGap = take;
      return this;
    }

    /** Whether to read the source's files only. */
    public Builder passive(boolean readOnly) {
      passive = readOnly;
      return this;
    }

    /** Between two drills. */
    public Builder drillInterval(Duration time) {
      Objects.requireNonNull(time, "time");
      drillInterval = Optional.of(time);
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

    /** The options; {@link IllegalArgumentException} for intervals of nothing or less. */
    public FollowOptions build() {
      return new FollowOptions(
          source,
          password,
          interval,
          shipInterval,
          snapshotOnGap,
          passive,
          drillInterval,
          ownOrder);
    }
  }
}
