package io.github.bdbstandby.standby;

import java.time.Duration;
import java.util.Optional;

/**
 * How a standby is followed.
 *
 * @param source the source as the user gives it; empty for the one that the standby was made from
 * @param password for the latter, if it is encrypted
 * @param interval between the starts of two cycles in which the log is applied
 * @param shipInterval between two looks for new log
 * @param snapshotOnGap whether to take a new snapshot when the standby can't be brought forward,
 *     instead of stopping
 * @param passive whether to read the source's files only: {@link SourceRequest#passively}
 * @param drillInterval between two drills, made between cycles; empty for none
 */
public record FollowOptions(
    Optional<SourceRequest> source,
    Optional<byte[]> password,
    Duration interval,
    Duration shipInterval,
    boolean snapshotOnGap,
    boolean passive,
    Optional<Duration> drillInterval) {

  public FollowOptions {
    if (interval.isNegative()
        || interval.isZero()
        || shipInterval.isNegative()
        || shipInterval.isZero()
        || drillInterval.filter(each -> each.isNegative() || each.isZero()).isPresent()) {
      throw new IllegalArgumentException("intervals must be longer than nothing");
    }
  }

  /** Without drills. */
  public FollowOptions(
      Optional<SourceRequest> source,
      Optional<byte[]> password,
      Duration interval,
      Duration shipInterval,
      boolean snapshotOnGap,
      boolean passive) {
    this(source, password, interval, shipInterval, snapshotOnGap, passive, Optional.empty());
  }

  /** The usual intervals, of this source: for an attached one, as the snapshot was. */
  public static FollowOptions of(SourceRequest source) {
    FollowOptions usual = defaults();
    return new FollowOptions(
        Optional.of(source),
        usual.password,
        usual.interval,
        usual.shipInterval,
        usual.snapshotOnGap,
        usual.passive);
  }

  /** Ships every 100 ms, applies every second, takes a new snapshot when it must. */
  public static FollowOptions defaults() {
    return new FollowOptions(
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        true,
        false);
  }
}
