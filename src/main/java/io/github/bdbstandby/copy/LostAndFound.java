package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What mkfs makes in the root of ext4: it is root's alone, and no part of an environment. */
public final class LostAndFound {
  private static final Path NAME = Path.of("lost+found");

  private LostAndFound() {}

  /** Whether an entry of a directory is one. */
  public static boolean is(Path entry) throws IOException {
    if (!NAME.equals(entry.getFileName())) {
      return false;
    }
    try {
      Path directory = entry.toAbsolutePath().getParent().toRealPath();
      Path above = directory.getParent();
      return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
          && (above == null || !device(directory).equals(device(above)));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether an entry is one of root's with nothing in it, as far as this process may see. */
  public static boolean isEmpty(Path entry) throws IOException {
    if (!is(entry) || !Integer.valueOf(0).equals(Files.getAttribute(entry, "unix:uid"))) {
      return false;
    }
    try (DirectoryStream<Path> within = Files.newDirectoryStream(entry)) {
      return !within.iterator().hasNext();
    } catch (AccessDeniedException e) {
      return true;
    }
  }

  private static Object device(Path directory) throws IOException {
    return Files.getAttribute(directory, "unix:dev");
  }
}
