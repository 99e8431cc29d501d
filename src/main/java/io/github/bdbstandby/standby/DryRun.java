package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run that changes nothing needs in the place of what others do. */
final class DryRun {
  private DryRun() {}

  /** Work on a directory. */
  @FunctionalInterface
  interface Gathering {
    void in(Path incoming) throws IOException;
  }

  /**
   * Refuses a standby that was left in the middle of a change. Whoever works on it ends that first,
   * and what there is to be planned for is known only then.
   *
   * @param command that does so
   * @throws RefusedException {@code locked}, or {@code damaged} if it can't be ended
   */
  static void refuseUnended(StandbyDirectory standby, String command) throws IOException {
    Optional<String> unended =
        new Journal(standby).check()
            ? Optional.of(": a snapshot was cut off while it took its place")
            : isMovingAside(standby)
                ? Optional.of(": a cycle was cut off while databases changed their names")
                : Optional.empty();
    if (unended.isPresent()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(standby.home()) + unended.get(),
          "run '" + command + "' without --dry-run: it ends that first");
    }
  }

  /**
   * The same for what ends that whatever it is.
   *
   * @throws RefusedException {@code damaged} if it can't be ended
   */
  static void refuseDamaged(StandbyDirectory standby) throws IOException {
    if (!new Journal(standby).check()) {
      isMovingAside(standby);
    }
  }

  private static boolean isMovingAside(StandbyDirectory standby) throws IOException {
    Optional<Manifest> manifest = ManifestFile.read(standby.manifest());
    return manifest.isPresent() && AsideGuard.isBegun(standby.target(manifest.get()));
  }

  /**
   * Gathers log in a temporary directory that has copies of what waits beside a standby.
   *
   * @param incoming where that is
   * @param coming what will be added at the most
   * @throws RefusedException {@code disk-full} if there is no room for them
   */
  static void gather(Path incoming, List<LogFile> coming, Gathering gathering) throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-dry-run")) {
      List<LogFile> waiting = Files.isDirectory(incoming) ? LogFile.in(incoming) : List.of();
      long bytes = 0;
      for (LogFile log : waiting) {
        bytes += log.size();
      }
      for (LogFile log : coming) {
        bytes += log.size();
      }
      refuseFull(scratch.directory(), bytes);
      for (LogFile log : waiting) {
        PlainCopier.cloneOrCopy(log.path(), scratch.directory().resolve(log.path().getFileName()));
      }
      gathering.in(scratch.directory());
    }
  }

  private static void refuseFull(Path scratch, long bytes) throws IOException {
    try {
      SpaceGuard.check(scratch, bytes);
    } catch (RefusedException e) {
      throw new RefusedException(
          e.reason(),
          e.getMessage(),
          "make room there: log is read in copies, so that nothing is changed",
          e);
    }
  }
}
