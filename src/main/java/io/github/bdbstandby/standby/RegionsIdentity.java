package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What tells a home's shared regions from others made there later: the inode of the first one's
 * file, which is used again, and libdb's own id of them. A file's time of birth is no part of it
 * where that can be read: not every file system keeps one, and Java then says when the file was
 * last written to, which for a region is all the time.
 *
 * @param file its device and inode
 * @param born its time of birth, or when it was last written to
 * @param isBirth whether the former is known
 * @param id libdb's; empty if it can't be read
 */
record RegionsIdentity(String file, FileTime born, boolean isBirth, Optional<EnvironmentId> id) {
  static final String FIRST_REGION = "__db.001";
  private static final String INODE = "ino=";

  /** That of the regions which are there; empty if there are none. */
  static Optional<RegionsIdentity> of(Path home) throws IOException {
    Path region = home.resolve(FIRST_REGION);
    if (!Files.exists(region)) { // or not ours to see
      return Optional.empty();
    }
    try {
      BasicFileAttributes file = Files.readAttributes(region, BasicFileAttributes.class);
      FileTime born = file.creationTime();
      return Optional.of(
          new RegionsIdentity(
              String.valueOf(file.fileKey()),
              born,
              !born.equals(file.lastModifiedTime()),
              idIn(region)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<EnvironmentId> idIn(Path region) throws IOException {
    try {
      // A FIFO there is told by whoever joins; one that is only read has none.
      return Files.isRegularFile(region) ? EnvironmentId.in(region) : Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.empty(); // to who only reads the log
    }
  }

  /** As it is written down. */
  String text() {
    return id.map(known -> file + "#" + Long.toHexString(known.id()) + "@" + known.madeAt())
        .orElseGet(() -> file + "@" + (isBirth ? born : "?"));
  }

  /**
   * Whether these are surely the regions that were written down.
   *
   * @param text what was written, by an earlier version too: the file and its time of birth, or
   *     else the last write to it then
   */
  boolean is(String text) {
    return text.startsWith(file) && isSameIn(text.substring(file.length()));
  }

  /** The same, where the disk may be another device now. */
  boolean isOnAnyDevice(String text) {
    String inode = inode(file);
    return inode(text).startsWith(inode) && isSameIn(inode(text).substring(inode.length()));
  }

  private boolean isSameIn(String rest) {
    if (rest.equals(text().substring(file.length()))) {
      return id.isPresent() || isBirth;
    }
    return rest.startsWith("@") && (rest.equals("@" + born) || wasThereBefore(rest.substring(1)));
  }

  /** Regions made after those that had the file then were made after it was last written to. */
  private boolean wasThereBefore(String time) {
    try {
      long then = Instant.parse(time).getEpochSecond();
      return id.isPresent() && id.get().madeAt() < then;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static String inode(String text) {
    int inode = text.indexOf(INODE);
    return inode < 0 ? text : text.substring(inode);
  }
}
