package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Source, standby and archive must be three places, none within another. */
final class PathGuard {
  private PathGuard() {}

  /**
   * Checks the three.
   *
   * @throws RefusedException {@code same-directory}
   */
  static void check(Path home, Path standby, Optional<Path> archive) throws IOException {
    Path source = real(home);
    Path copy = real(standby);
    String both = both(home, standby);
    refuseNested(source, copy, both);
    if (archive.isPresent() && archive.get().getFileSystem().equals(FileSystems.getDefault())) {
      Path kept = real(archive.get());
      String ofSource = withArchive(home, archive.get());
      String ofCopy = withArchive(standby, archive.get());
      refuseNested(source, kept, ofSource);
      refuseNested(copy, kept, ofCopy);
      refuseShared(home, archive.get(), ofSource);
      refuseShared(standby, archive.get(), ofCopy);
    }
    refuseShared(home, standby, both);
  }

  private static String both(Path home, Path standby) {
    return FileNames.shown(home) + " and " + FileNames.shown(standby);
  }

  private static String withArchive(Path directory, Path archive) {
    return FileNames.shown(directory) + " and the archive " + FileNames.shown(archive);
  }

  /**
   * That no directory has come to belong to both since the snapshot: recovery of the standby would
   * write to the source. Only what is mounted within them can bring that about.
   *
   * @throws RefusedException {@code same-directory}
   */
  static void refuseMounted(Path home, Path standby) throws IOException {
    for (Path each : List.of(home, standby)) {
      if (Files.isDirectory(each) && MountedFileSystem.anyBelow(each)) {
        refuseShared(home, standby, both(home, standby));
        return;
      }
    }
  }

  private static void refuseShared(Path one, Path other, String both) throws IOException {
    Set<Object> below = DirectoryKeys.within(one);
    Set<Object> otherBelow = DirectoryKeys.within(other);
    if (!Collections.disjoint(below, otherBelow)
        || !Collections.disjoint(below, DirectoryKeys.above(other))
        || !Collections.disjoint(otherBelow, DirectoryKeys.above(one))) {
      throw new RefusedException(
          Reason.SAME_DIRECTORY,
          both + ": a directory of the one is the other's too, by a link or a mount",
          "give each directories of its own");
    }
  }

  /** A link to the source's log that leads to the standby now: no log of the source is there. */
  static void refuseOwnLog(Path sourceLogs, Path standby) throws IOException {
    if (real(sourceLogs).startsWith(real(standby))) {
      throw new RefusedException(
          Reason.SAME_DIRECTORY,
          FileNames.shown(sourceLogs) + ": the source's log was there, and it leads to the standby",
          "have it lead to the source's log again, or to nothing if that is lost");
    }
  }

  /** Whether two paths lead to one directory. */
  static boolean isSame(Path one, Path other) throws IOException {
    return real(one).equals(other)
        || (Files.isDirectory(one) && Files.isDirectory(other) && Files.isSameFile(one, other));
  }

  private static void refuseNested(Path one, Path other, String both) {
    if (one.startsWith(other) || other.startsWith(one)) {
      throw new RefusedException(
          Reason.SAME_DIRECTORY,
          both + ": one lies within the other, or they are the same",
          "give each a directory of its own");
    }
  }

  /** The real path of what exists of it, and the rest as written. */
  static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = absolute;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return absolute;
    }
    return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
  }
}
