package io.github.bdbstandby.standby;

import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the application's other files ask for a cycle at a source whose log, which tells of all
 * else, has nothing new.
 */
final class ChangedFiles {
  private final StandbyDirectory standby;
  private final Source source;
  private Optional<Manifest> manifest = Optional.empty();
  private Map<Path, String> seen = Map.of();

  /** For a follower that has joined a source. */
  ChangedFiles(StandbyDirectory standby, Source source) {
    this.standby = standby;
    this.source = source;
  }

  /** True once of each state of a file: what a cycle can't bring is not tried again and again. */
  boolean areThere() throws IOException {
    if (manifest.isEmpty()) {
      manifest = Optional.of(ManifestFile.ofStandby(standby));
    }
    Map<Path, String> now =
        new OtherFiles(standby, source, manifest.get()).due(AccessGuard.reading(source::files));
    boolean isNews = !seen.entrySet().containsAll(now.entrySet());
    seen = now;
    return isNews;
  }

  /** What the standby has is to be read again. */
  void cycleEnded() {
    manifest = Optional.empty();
  }
}
