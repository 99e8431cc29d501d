package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What lies below a directory, but for our own, by name and by device and inode: a process in a
 * container, or one that came by another mount or by a link there, has it open by a path that is
 * not ours. Of what links lead to, the databases and log files.
 *
 * @param passedOver a file of the directory's that does not count
 * @param onlyWritten whether to ask for those only who may write there
 */
record FilesBelow(
    Path directory,
    Set<Path> names,
    Set<Object> keys,
    Optional<Path> passedOver,
    boolean onlyWritten) {

  static FilesBelow of(Path directory) throws IOException {
    return of(directory, List.of());
  }

  /**
   * The same of a home that has directories elsewhere.
   *
   * @param named by its DB_CONFIG, or by the application; as what links lead to
   */
  static FilesBelow of(Path directory, List<Path> named) throws IOException {
    Path real = directory.toRealPath();
    Walk walk = new Walk(real);
    Files.walkFileTree(real, walk);
    for (Path each : named) {
      walk.follow(each);
    }
    return new FilesBelow(real, walk.names, walk.keys, Optional.empty(), false);
  }

  /** The same without one file. */
  FilesBelow without(String name) {
    return new FilesBelow(
        directory, names, keys, Optional.of(directory.resolve(name)), onlyWritten);
  }

  FilesBelow written() {
    return new FilesBelow(directory, names, keys, passedOver, true);
  }

  boolean haveRegions() {
    return names.stream().anyMatch(name -> EnvironmentFiles.isRegion(name.toString()));
  }

  /**
   * Whether an open file is one of them.
   *
   * @param descriptor in {@code /proc}
   * @param name as it stands there
   */
  boolean have(Path descriptor, Path name) {
    if (passedOver.equals(Optional.of(name))) {
      return false;
    }
    if (name.startsWith(directory)
        && !name.equals(directory)
        && !name.startsWith(directory.resolve(StandbyDirectory.MARKS))) {
      return true;
    }
    try {
      return name.isAbsolute()
          && names.contains(name.getFileName())
          && keys.contains(Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** Enters what links lead to. */
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path ours;
    private final LinkedPlaces places;
    private final Set<Path> names = new HashSet<>();
    private final Set<Object> keys = new HashSet<>();
    private boolean linked;

    Walk(Path directory) {
      this.ours = directory.resolve(StandbyDirectory.MARKS);
      this.places = new LinkedPlaces(directory);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
      return each.equals(ours) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        follow(each);
      } else if (attributes.isRegularFile() && (!linked || isLibdbs(each))) {
        names.add(each.getFileName());
        keys.add(attributes.fileKey());
      }
      return FileVisitResult.CONTINUE;
    }

    private void follow(Path link) throws IOException {
      Optional<Path> place = places.enter(link);
      if (place.isPresent()) {
        boolean before = linked;
        linked = true;
        Files.walkFileTree(place.get(), this);
        linked = before;
      }
    }

    private static boolean isLibdbs(Path file) {
      try {
        return LogFile.numberOf(file.getFileName().toString()).isPresent()
            || PageFormat.of(file).isPresent();
      } catch (IOException e) {
        return false; // gone, or not ours to see
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path each, IOException failure) {
      return FileVisitResult.CONTINUE; // gone, or not ours to see
    }

    @Override
    public FileVisitResult postVisitDirectory(Path each, IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
