package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * That a sync can follow where a directory has become a file, or a file a directory: with files of
 * the application's in the way it can, with databases a snapshot can, and others are not its own.
 */
final class SyncWay {
  private final StandbyDirectory standby;
  private final Source source;
  private final Manifest manifest;

  SyncWay(StandbyDirectory standby, Source source, Manifest manifest) {
    this.standby = standby;
    this.source = source;
    this.manifest = manifest;
  }

  /**
   * Looks at what the source has.
   *
   * @throws SnapshotNeededException if a database is in the way
   * @throws RefusedException if a file is that is not the standby's
   */
  void check(EnvironmentFiles found) throws IOException {
    Layout layout = Layout.parse(manifest.layout());
    Places.of(found, layout, source.dataDirectories(), standby.home()).judge(this::refuse);
  }

  private void refuse(Path place, List<Path> there) {
    for (Path each : there) {
      Optional<String> kind = kind(each);
      if (kind.isPresent() && !kind.get().equals(Manifest.FileAtRest.OTHER)) {
        throw new SnapshotNeededException(
            Reason.NAME_COLLISION,
            FileNames.shown(each)
                + ": the standby's, and in the way of what the source has now: "
                + FileNames.shown(place));
      }
    }
    Way.refuse(place, there.stream().filter(each -> kind(each).isEmpty()).findFirst());
  }

  /** Whether it is a file of the application's as the standby has it. */
  boolean isOther(Path file) {
    return kind(file).filter(Manifest.FileAtRest.OTHER::equals).isPresent();
  }

  private Optional<String> kind(Path file) {
    String name = FileNames.toName(standby.home().relativize(file));
    return Optional.ofNullable(manifest.files().get(name)).map(Manifest.FileAtRest::kind);
  }
}
