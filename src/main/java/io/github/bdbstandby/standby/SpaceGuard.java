package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks ahead whether the standby's disk can take what is coming. */
final class SpaceGuard {
  /** For the manifest, directories and what recovery adds. */
  private static final long MARGIN = 4L << 20;

  private SpaceGuard() {}

  /**
   * Checks.
   *
   * @param bytes what will be written, at the most
   * @throws RefusedException {@code disk-full}
   */
  static void check(Path standby, long bytes) throws IOException {
    Path existing = standby.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    if (free < bytes + MARGIN) {
      throw new RefusedException(
          Reason.DISK_FULL,
          FileNames.shown(standby)
              + ": needs "
              + bytes
              + " bytes, and the disk has "
              + free
              + " left",
          "make room there, or put the standby on a larger disk");
    }
  }
}
