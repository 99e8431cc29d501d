package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may read a copy: those who may read the original, and from its first byte on. The owner is
 * whoever copies, and may always read and write: recovery does.
 */
public final class FileModes {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private FileModes() {}

  /**
   * Makes an empty file with the mode of another, and the owner's right to write.
   *
   * @param original may have gone: then the file is its owner's alone
   * @param copy what has the name is removed
   */
  public static void create(Path original, Path copy) throws IOException {
    Set<PosixFilePermission> mode = EnumSet.copyOf(OWNERS);
    Files.deleteIfExists(copy); // left by a run that was cut off, or a link to another file
    Files.createFile(copy, PosixFilePermissions.asFileAttribute(mode));
    Files.setPosixFilePermissions(copy, with(original, mode));
  }

  /** Gives a file exactly the mode of another. */
  public static void same(Path original, Path copy) throws IOException {
    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(original));
  }

  /** Gives a directory the mode of another, and its owner all rights. */
  public static void sameDirectory(Path original, Path copy) throws IOException {
    Set<PosixFilePermission> mode = EnumSet.copyOf(OWNERS);
    mode.add(PosixFilePermission.OWNER_EXECUTE);
    Files.setPosixFilePermissions(copy, with(original, mode));
  }

  /**
   * Gives a file that its owner may write the mode of another, if that is a file.
   *
   * @param now the mode that it has
   * @return whether there is such a file
   */
  public static boolean like(Path original, Path copy, Set<PosixFilePermission> now)
      throws IOException {
    Set<PosixFilePermission> wanted = EnumSet.copyOf(OWNERS);
    if (!addOfFile(original, wanted)) {
      return false;
    }
    if (now.containsAll(OWNERS) && !now.equals(wanted)) {
      Files.setPosixFilePermissions(copy, wanted);
    }
    return true;
  }

  /** Whether there is such a file; then its mode is added. */
  private static boolean addOfFile(Path original, Set<PosixFilePermission> mode)
      throws IOException {
    try {
      PosixFileAttributes found = Files.readAttributes(original, PosixFileAttributes.class);
      mode.addAll(found.permissions());
      return found.isRegularFile();
    } catch (FileSystemException e) {
      return false; // not there, or what is above it is no directory
    }
  }

  private static Set<PosixFilePermission> with(Path original, Set<PosixFilePermission> mode)
      throws IOException {
    try {
      mode.addAll(Files.getPosixFilePermissions(original));
    } catch (NoSuchFileException e) {
      // removed meanwhile, perhaps held open
    }
    return mode;
  }
}
