package io.github.bdbstandby.standby;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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
    refuseNested(source, copy, home + " and " + standby);
    if (archive.isPresent() && archive.get().getFileSystem().equals(FileSystems.getDefault())) {
      Path kept = real(archive.get());
      refuseNested(source, kept, home + " and the archive " + archive.get());
      refuseNested(copy, kept, standby + " and the archive " + archive.get());
    }
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
