package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The environment that a new primary was failed over from, about to become its standby.
 *
 * <p>What it committed after the failover, or what could not be salvaged then, is in its log alone.
 * Those log files are not removed with the rest, but kept aside.
 *
 * @param home its directory
 * @param logDirectory its log files
 * @param takenOver where the new primary's history parted from its own
 * @param end where its log ends
 * @param kept where its last log files go
 * @param segments of shared memory that its regions are in; only its own region file tells
 */
record FormerPrimary(
    Path home, Path logDirectory, Lsn takenOver, Lsn end, Path kept, List<Long> segments) {

  /**
   * Whether a directory is what a source was failed over from. Of two that were each failed over
   * from the other, the one with the higher epoch is the primary.
   *
   * @param primary the source, once a standby of that directory
   * @throws RefusedException {@code locked} if somebody has it open
   */
  static Optional<FormerPrimary> of(Path primary, StandbyDirectory directory) throws IOException {
    Optional<Manifest> promoted =
        ManifestFile.read(new StandbyDirectory(primary).manifest()).filter(Manifest::isPromoted);
    if (promoted.isEmpty()
        || !Files.isDirectory(directory.home())
        || !PathGuard.isSame(directory.home(), promoted.get().source().homePath())) {
      return Optional.empty();
    }
    Optional<Manifest> its = ManifestFile.read(directory.manifest());
    if (its.isPresent() && its.get().epoch() >= promoted.get().epoch()) {
      return Optional.empty();
    }
    refuseInUse(directory.home());
    Path logs = promoted.get().source().logPath();
    return Optional.of(
        new FormerPrimary(
            directory.home(),
            logs,
            promoted.get().recoveredTo().lsn(),
            end(logs),
            directory.marks().resolve("former-" + promoted.get().epoch()),
            SystemMemory.of(directory.home())));
  }

  private static void refuseInUse(Path home) throws IOException {
    Optional<OpenFiles.User> user = OpenFiles.below(home);
    if (user.isPresent()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(home)
              + ": process "
              + user.get().pid()
              + " still has "
              + FileNames.shown(user.get().file())
              + " open",
          "stop the application there: the new primary has taken its place");
    }
  }

  private static Lsn end(Path logs) throws IOException {
    List<LogFile> files = Files.isDirectory(logs) ? LogFile.in(logs) : List.of();
    if (files.isEmpty()) {
      return Lsn.ZERO;
    }
    try {
      return LogEnd.of(files.get(files.size() - 1), 0);
    } catch (NoSuchFileException e) {
      return Lsn.ZERO;
    }
  }

  /** For the switch: which files go, and which are kept. */
  Journal.Leaving leaving() {
    return new Journal.Leaving(
        FileNames.toName(logDirectory),
        hasMore() ? takenOver.file() : Long.MAX_VALUE,
        FileNames.toName(kept));
  }

  private boolean hasMore() {
    return end.compareTo(takenOver) > 0;
  }

  /** What the user should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (hasMore()) {
      notes.add(
          FileNames.shown(home)
              + ": its log went on to "
              + end
              + " after the failover at "
              + takenOver
              + "; what it has beyond is in no other place, and kept in "
              + FileNames.shown(kept));
    }
    if (!segments.isEmpty()) {
      notes.add(
          FileNames.shown(home)
              + ": its regions are still in System V shared memory; ipcrm"
              + segments.stream().map(id -> " -m " + id).collect(Collectors.joining())
              + " frees it");
    }
    return notes;
  }
}
