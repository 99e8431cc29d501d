package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Archiving;
import io.github.bdbstandby.procedure.LogArchive;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      archiving = manifest.archivePath().map(path -> ifPossible(standby, path));
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

  private static Archiving ifPossible(StandbyDirectory standby, Path archive) {
    return new Archiving(new LogArchive(archive), standby.unarchived(), Archiving.Need.IF_POSSIBLE);
  }

  /**
   * For a snapshot after which the standby may have no archive: what waits is archived in the one
   * that it had, which no later run knows.
   *
   * @return what the user should know of log files that wait then
   */
  static Optional<String> settleLast(StandbyDirectory standby, Optional<Manifest> old, Keeping next)
      throws IOException {
    if (next.archive().isPresent()) {
      return Optional.empty(); // that one gets them
    }
    Optional<String> waiting = note(standby);
    Optional<Path> archive = old.flatMap(Manifest::archivePath);
    if (waiting.isEmpty() || archive.isEmpty()) {
      return waiting;
    }
    try {
      PathGuard.check(old.get().source().homePath(), standby.home(), archive);
    } catch (RefusedException e) {
      return waiting.map(note -> note + " (" + e.getMessage() + ")");
    }
    Archiving last = ifPossible(standby, archive.get());
    Optional<String> why;
    try {
      last.settle();
      why = last.failure().map(Exception::getMessage);
    } catch (ClosedChannelException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      why = Optional.of(String.valueOf(e.getMessage())); // a snapshot is as good without
    }
    String failed = why.map(each -> " (" + each + ")").orElse("");
    return note(standby).map(note -> note + failed);
  }

  /** What the user should know of a standby without an archive. */
  List<String> notes(Manifest manifest) throws IOException {
    return manifest.archivePath().isPresent() ? List.of() : note(standby).stream().toList();
  }

  /** Log files that left the standby and are in no archive, ascending. */
  static List<LogFile> waiting(StandbyDirectory standby) throws IOException {
    return Files.isDirectory(standby.unarchived()) ? LogFile.in(standby.unarchived()) : List.of();
  }

  /** What who promotes a standby, or ends its archive, should know of log files that wait. */
  static Optional<String> note(StandbyDirectory standby) throws IOException {
    int files = waiting(standby).size();
    return files == 0
        ? Optional.empty()
        : Optional.of(
            FileNames.shown(standby.unarchived())
                + ": log files that the archive had not taken are kept there ("
                + files
                + "): move them into it");
  }
}
