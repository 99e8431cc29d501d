package io.github.bdbstandby.standby;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How far a standby is, for many who ask: measured once a second at the most. Thread-safe. */
final class LagMeter {
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final StandbyDirectory standby;
  private Optional<Reading> last = Optional.empty();
  private long measuredAt;
  private boolean measured;

  /** What was found at one time. */
  record Reading(Manifest manifest, Lag lag) {}

  LagMeter(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Empty if it can't be told. */
  synchronized Optional<Reading> read() {
    if (!measured || System.nanoTime() - measuredAt >= FRESH_NANOS) {
      last = measure();
      measured = true;
      measuredAt = System.nanoTime();
    }
    return last;
  }

  private Optional<Reading> measure() {
    try {
      return ManifestFile.read(standby.manifest())
          .map(
              manifest ->
                  new Reading(manifest, new LagReader(standby, LogPlace.found(manifest)).read()));
    } catch (IOException | RefusedException e) {
      return Optional.empty();
    }
  }
}
