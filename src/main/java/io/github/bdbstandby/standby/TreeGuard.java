package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That nothing in a directory leads out of it: through a symbolic link recovery would write to a
 * file that is not the standby's. And that nothing there would keep whoever opens it waiting.
 */
final class TreeGuard {
  private static final String HINT =
      "put there what it leads to, a directory of another disk by a bind mount (mount --bind); or"
          + " keep the directory, and take a new snapshot elsewhere";

  private TreeGuard() {}

  /**
   * Looks through a standby, if there is one.
   *
   * @throws RefusedException {@code damaged}
   */
  static void check(StandbyDirectory standby) throws IOException {
    Path home = standby.home();
    if (!Files.isDirectory(home)) {
      return;
    }
    Path real = home.toRealPath();
    walk(
        home,
        Unlisted.FAILS,
        (file, attributes) -> {
          if (attributes.isSymbolicLink()) {
            refuseOutside(real, home, file);
          }
          refuseBlocking(file, attributes);
        });
    Optional<String> outside = ManifestGuard.leadsOut(DbConfig.of(home));
    if (outside.isPresent()) {
      throw refused(
          FileNames.shown(home.resolve(DbConfig.FILE)) + ": " + outside.get(),
          "recovery would write there: name directories below the standby");
    }
  }

  /**
   * Looks at our own files alone, in a home that is no standby, or is one no more: links in the
   * rest of it are its owner's.
   *
   * @throws RefusedException {@code damaged}
   */
  static void checkMarks(StandbyDirectory standby) throws IOException {
    Path real = standby.home().toRealPath();
    List<Path> ours = new ArrayList<>(List.of(standby.marks()));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(standby.marks())) {
      files.forEach(ours::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path file : ours) {
      if (Files.isSymbolicLink(file)) {
        refuseOutside(real, standby.home(), file);
      }
    }
  }

  /**
   * Looks through a home that libdb is to recover, or to list, what its links lead to, which are
   * its owner's, and directories of its that lie elsewhere.
   *
   * @param named by its DB_CONFIG, which is looked at first, or by the application
   * @throws RefusedException {@code damaged}
   */
  static void checkBlocking(Path home, Guarded<List<Path>> named) throws IOException {
    if (!Files.isDirectory(home)) {
      return;
    }
    LinkedPlaces places = new LinkedPlaces(home.toRealPath());
    checkBlocking(home, places);
    for (Path each : named.run()) {
      Optional<Path> place = places.enter(each);
      if (place.isPresent()) {
        checkBlocking(place.get(), places);
      }
    }
  }

  private static void checkBlocking(Path directory, LinkedPlaces places) throws IOException {
    walk(
        directory,
        Unlisted.PASSED_OVER,
        (file, attributes) -> {
          refuseBlocking(file, attributes);
          if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
            Optional<Path> place = places.enter(file);
            if (place.isPresent()) {
              behind(file, place.get(), places);
            }
          }
        });
  }

  private static void behind(Path link, Path place, LinkedPlaces places) throws IOException {
    try {
      checkBlocking(place, places);
    } catch (RefusedException e) {
      throw refused(
          e.getMessage() + "; " + FileNames.shown(link) + " leads there",
          "take the link away, or what it leads to");
    }
  }

  private static void refuseOutside(Path real, Path home, Path link) throws IOException {
    if (!isBelow(real, link)) {
      throw refused(
          FileNames.shown(link) + ": a symbolic link that leads out of " + FileNames.shown(home),
          HINT);
    }
  }

  private static void refuseBlocking(Path file, BasicFileAttributes attributes) throws IOException {
    if ((attributes.isOther() || attributes.isSymbolicLink())
        && Files.exists(file)
        && RegularFile.mayBlock(file)) {
      throw refused(FileNames.shown(file) + ": a FIFO or a device, and no file", "remove it");
    }
  }

  private static RefusedException refused(String message, String hint) {
    return new RefusedException(Reason.DAMAGED, message, hint);
  }

  private static boolean isBelow(Path real, Path link) throws IOException {
    try {
      return link.toRealPath().startsWith(real);
    } catch (NoSuchFileException e) {
      return !Files.isSymbolicLink(link); // removed while we looked; else it leads nowhere yet
    } catch (java.nio.file.FileSystemException e) {
      return false; // it leads to itself
    }
  }

  @FunctionalInterface
  private interface Look {
    void at(Path file, BasicFileAttributes attributes) throws IOException;
  }

  /** A directory that we may enter, and not list. */
  private enum Unlisted {
    /** A link in it may lead anywhere. */
    FAILS,
    /** Its owner's, who does not look through it either. */
    PASSED_OVER
  }

  /** What we may not enter, libdb can't open or write to for us. */
  private static boolean isClosed(Path file, IOException failure) {
    return failure instanceof AccessDeniedException && !Files.exists(file.resolve("."));
  }

  /** A home that is itself a link is entered; what lies there is named as below the link. */
  private static void walk(Path home, Unlisted unlisted, Look look) throws IOException {
    Path start = Files.isDirectory(home) ? home.toRealPath() : home;
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              look.at(home.resolve(start.relativize(file)), attributes);
            } catch (NoSuchFileException e) {
              // removed while we looked
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            boolean isPassed =
                unlisted == Unlisted.PASSED_OVER && failure instanceof AccessDeniedException;
            if (isPassed || failure instanceof NoSuchFileException || isClosed(file, failure)) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure == null || failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
  }
}
