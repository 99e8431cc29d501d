package io.github.bdbstandby.standby;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a standby is to be drilled next: counted from the drill that the manifest knows, so that a
 * restart puts off none. For one thread.
 */
final class DrillTimer {
  private final StandbyDirectory standby;
  private final Duration interval;
  private Optional<Instant> last = Optional.empty();

  DrillTimer(StandbyDirectory standby, Duration interval) {
    this.standby = standby;
    this.interval = interval;
  }

  boolean isDue() throws IOException {
    if (last.isEmpty()) {
      last = Optional.of(known());
    }
    Instant now = Instant.now();
    boolean wasAhead = last.get().isAfter(now); // the clock has been set back since
    return wasAhead || !now.isBefore(last.get().plus(interval));
  }

  /** One that fails is not tried again at once. */
  void begin() {
    last = Optional.of(Instant.now());
  }

  private Instant known() throws IOException {
    Manifest.Drill drill = ManifestFile.ofStandby(standby).drill();
    return Optional.ofNullable(drill)
        .flatMap(done -> Manifest.time(done.at()))
        .orElse(Instant.EPOCH);
  }
}
