package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.LostAndFound;
import io.github.bdbstandby.libdb.DoubleWrite;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Where things are in a standby's directory. */
record StandbyDirectory(Path home) {
  /** The one name in a standby that is ours. */
  static final String MARKS = EnvironmentFiles.OURS;

  Path marks() {
    return home.resolve(MARKS);
  }

  Path manifest() {
    return marks().resolve("manifest.json");
  }

  Path lock() {
    return marks().resolve("lock");
  }

  Path journal() {
    return marks().resolve("journal.json");
  }

  /** There while a cycle changes files of the standby: see {@link UnfinishedCycle}. */
  Path unfinished() {
    return marks().resolve("unfinished");
  }

  /** What the last failed cycle failed of. */
  Path lastError() {
    return marks().resolve("last-error.json");
  }

  /** Log files on their way in. */
  Path incoming() {
    return marks().resolve("incoming");
  }

  /** A page that recovery is about to write: see {@link DoubleWrite}. */
  Path pageSlot() {
    return marks().resolve("page-slot");
  }

  /** One that has no place: see {@link TornPage}. */
  Path lostPage() {
    return marks().resolve("lost-page");
  }

  /** Log files that are to be archived, when the archive works again. */
  Path unarchived() {
    return marks().resolve("unarchived");
  }

  /** Log files on their way into a snapshot. */
  Path imageLogs() {
    return marks().resolve("image-logs");
  }

  /** A snapshot being built: a whole home. */
  Path image() {
    return marks().resolve("image");
  }

  /** Standbys that were replaced though the source did not continue them. */
  Path replaced() {
    return marks().resolve("replaced");
  }

  /** A scratch copy for verification. */
  Path scratch() {
    return marks().resolve("scratch");
  }

  /** The standby as the steps work on it. */
  Target target(Manifest manifest) {
    Path logs = home.resolve(manifest.logPath()).normalize();
    return new Target(
        home,
        logs,
        incoming(),
        Optional.of(
            new Target.Held(
                logs,
                manifest.recoveredTo().lsn(),
                Set.copyOf(manifest.lostAtSource()),
                incoming())));
  }

  /** Whether the directory is absent or has nothing in it. */
  boolean isEmpty() throws IOException {
    if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(home)) {
      return false;
    }
    return hasOnly(Set.of());
  }

  /** Whether there is nothing but what an unfinished first snapshot of ours left. */
  boolean isOnlyMarks() throws IOException {
    return Files.isDirectory(marks()) && hasOnly(Set.of(marks()));
  }

  private boolean hasOnly(Set<Path> these) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home)) {
      for (Path entry : entries) {
        if (!these.contains(entry) && !LostAndFound.isEmpty(entry)) {
          return false;
        }
      }
    }
    return true;
  }
}
