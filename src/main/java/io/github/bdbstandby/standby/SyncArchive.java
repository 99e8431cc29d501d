package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Archiving;
import io.github.bdbstandby.procedure.LogArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * The archive of a standby that is kept by the long procedure, in one sync: the standby is brought
 * forward whether it works or not.
 */
final class SyncArchive {
  private final StandbyDirectory standby;
  private Optional<Archiving> archiving = Optional.empty();
  private boolean paused;

  SyncArchive(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** It is not asked: it has failed lately. */
  void pause() {
    paused = true;
  }

  /** How the steps archive; empty if the standby has no archive. */
  Optional<Archiving> of(Manifest manifest) {
    if (archiving.isEmpty()) {
      archiving =
          manifest
              .archivePath()
              .map(path -> Archiving.ifPossible(new LogArchive(path), standby.unarchived()));
      archiving.filter(each -> paused).ifPresent(Archiving::pause);
    }
    return archiving;
  }

  /** Archives what earlier syncs could not. */
  void settle(Manifest manifest) throws IOException {
    Optional<Archiving> due = of(manifest);
    if (due.isPresent()) {
      due.get().settle();
    }
  }

  /** Why log files that were due are not archived. */
  Optional<CycleFailedException> failure() {
    return archiving
        .flatMap(Archiving::failure)
        .map(
            e ->
                Guarded.archiveFailed(
                    e, "the standby was brought forward, and what is not archived is kept: "));
  }

  /** What who promotes a standby should know of log files that are not archived. */
  static Optional<String> note(StandbyDirectory standby) throws IOException {
    int files =
        Files.isDirectory(standby.unarchived()) ? LogFile.in(standby.unarchived()).size() : 0;
    return files == 0
        ? Optional.empty()
        : Optional.of(
            FileNames.shown(standby.unarchived())
                + ": log files that the archive had not taken are kept there ("
                + files
                + "): move them into it");
  }
}
