package io.github.bdbstandby.standby;

import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the application's other files ask for a cycle at a source whose log, which tells of all
 * else, has nothing new. To look through a large home takes long, and one of them may change all
 * the time: no more than a fifth of the time goes into that.
 */
final class ChangedFiles {
  /** To one part of work. */
  private static final int PARTS_OF_REST = 4;

  private final StandbyDirectory standby;
  private final Source source;
  private Optional<Manifest> manifest = Optional.empty();
  private Map<Path, String> seen = Map.of();
  private long begun;
  private long rested;
  private boolean asked;

  /** For a follower that has joined a source. */
  ChangedFiles(StandbyDirectory standby, Source source) {
    this.standby = standby;
    this.source = source;
    this.rested = System.nanoTime();
  }

  /** True once of each state of a file: what a cycle can't bring is not tried again and again. */
  boolean areThere() throws IOException {
    if (System.nanoTime() - rested < 0) {
      return false;
    }
    begun = System.nanoTime();
    if (manifest.isEmpty()) {
      manifest = Optional.of(ManifestFile.ofStandby(standby));
    }
    Map<Path, String> now =
        new OtherFiles(standby, source, manifest.get()).due(AccessGuard.reading(source::files));
    boolean isNews = !seen.entrySet().containsAll(now.entrySet());
    seen = now;
    asked = isNews;
    rest();
    return isNews;
  }

  /** What the standby has is to be read again. */
  void cycleEnded() {
    manifest = Optional.empty();
    if (asked) {
      asked = false;
      rest();
    }
  }

  private void rest() {
    long now = System.nanoTime();
    rested = now + PARTS_OF_REST * (now - begun);
  }
}
