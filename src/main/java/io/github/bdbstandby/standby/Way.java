package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A place in the standby where something of another kind is coming: a file where there is a
 * directory, or a directory where there is a file.
 */
final class Way {
  private Way() {}

  /** What must go before a file can have this place: the files in a directory there. */
  static List<Path> inFilesWay(Path place) throws IOException {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    if (MountedFileSystem.anyWithin(place)) {
      return List.of(place);
    }
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(each -> !isDirectory(each) && !DurableFiles.isTemporary(each)).toList();
    }
  }

  /** What must go before a directory can have this place: a file there. */
  static List<Path> inDirectorysWay(Path place) {
    boolean isFile = Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(place);
    return isFile ? List.of(place) : List.of();
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Frees a place for a file: removes a directory that has it, with these files and no others.
   *
   * @throws RefusedException if there is another, before anything is removed
   */
  static void free(Path place, Predicate<Path> ours) throws IOException {
    if (isDirectory(place)) {
      refuse(place, inFilesWay(place).stream().filter(ours.negate()).findFirst());
      DurableFiles.deleteTree(place);
      DurableFiles.syncDirectory(place.toAbsolutePath().getParent());
    }
  }

  /**
   * Refuses if there is something.
   *
   * @throws RefusedException {@code name-collision}
   */
  static void refuse(Path place, Optional<Path> obstacle) {
    if (obstacle.isPresent()) {
      throw new RefusedException(
          Reason.NAME_COLLISION,
          FileNames.shown(obstacle.get())
              + ": not of the source, and where "
              + (obstacle.get().equals(place) ? "something else" : "a file")
              + " of the source's is coming: "
              + FileNames.shown(place),
          "move it out of the standby");
    }
  }
}
