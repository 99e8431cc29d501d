package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What a snapshot that did not end has made, to be removed. The caller holds the lock. */
record FailedSnapshot(StandbyDirectory standby) {

  /** Its image, whoever made it. */
  void clean() throws IOException {
    DurableFiles.deleteTree(standby.image());
    DurableFiles.deleteTree(standby.imageLogs());
  }

  /**
   * A first snapshot that failed leaves nothing behind. Its lock is held: that file goes last, and
   * what another run makes from then on stays.
   */
  void undo(boolean made) throws IOException {
    try (DirectoryStream<Path> marks = Files.newDirectoryStream(standby.marks())) {
      for (Path mark : marks) {
        if (Files.isDirectory(mark, LinkOption.NOFOLLOW_LINKS)) {
          DurableFiles.deleteTree(mark);
        } else if (!mark.equals(standby.lock())) {
          Files.delete(mark);
        }
      }
    }
    Files.deleteIfExists(standby.lock());
    Files.delete(standby.marks());
    if (made) {
      Files.deleteIfExists(standby.home());
    }
  }
}
