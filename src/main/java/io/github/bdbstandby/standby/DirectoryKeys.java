package io.github.bdbstandby.standby;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Directories by device and inode, which stay the same however a directory is reached: a bind mount
 * shows it under another path that no resolving of links leads back from.
 */
final class DirectoryKeys {
  private DirectoryKeys() {}

  /** Of a directory and of all that it can be seen to lie within; of what exists of them. */
  static Set<Object> above(Path directory) throws IOException {
    Set<Object> keys = new HashSet<>();
    for (Path each = PathGuard.real(directory); each != null; each = each.getParent()) {
      try {
        keys.add(Files.readAttributes(each, BasicFileAttributes.class).fileKey());
      } catch (NoSuchFileException e) {
        // to be made
      }
    }
    return keys;
  }

  /**
   * Of a directory and of all below it; empty if there is none. Links are followed, but for those
   * that lead to where it lies itself: nobody copies that.
   */
  static Set<Object> within(Path directory) throws IOException {
    Set<Object> keys = new HashSet<>();
    Path real = PathGuard.real(directory);
    Set<Object> above = above(directory);
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
              throws IOException {
            if (each.equals(directory.resolve(StandbyDirectory.MARKS))
                || (above.contains(attributes.fileKey()) && leadsUp(real, each.toRealPath()))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            keys.add(attributes.fileKey());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path each, IOException failure) {
            return FileVisitResult.CONTINUE; // gone, not ours to see, or a link back up
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    return keys;
  }

  private static boolean leadsUp(Path from, Path to) {
    return from.startsWith(to) && !from.equals(to);
  }
}
