package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Looks ahead whether the standby's disk can take what is coming. */
final class SpaceGuard {
  /** For the manifest, directories and what recovery adds. */
  static final long MARGIN = 4L << 20;

  private SpaceGuard() {}

  /**
   * Checks.
   *
   * @param bytes what will be written, at the most
   * @throws RefusedException {@code disk-full}
   */
  static void check(Path standby, long bytes) throws IOException {
    checkExactly(standby, bytes + MARGIN);
  }

  /** Whether a disk has that many bytes left. */
  static boolean isEnough(Path directory, long bytes) throws IOException {
    return free(existing(directory)) >= bytes;
  }

  /** The same without room for anything else. */
  static void checkExactly(Path directory, long bytes) throws IOException {
    long free = free(existing(directory));
    if (free < bytes) {
      throw full(directory, bytes, free);
    }
  }

  /**
   * Checks disks that are mounted within a standby. What a snapshot brings has been gathered on the
   * standby's own before, and what it replaces is gone by then.
   *
   * @param coming bytes by place
   * @param leaving places whose files are removed first
   * @throws RefusedException {@code disk-full}
   */
  static void checkMounted(Path standby, Map<Path, Long> coming, Set<Path> leaving)
      throws IOException {
    Map<Object, Path> disks = new HashMap<>();
    Map<Object, Long> needed = new HashMap<>();
    for (Map.Entry<Path, Long> each : coming.entrySet()) {
      Path existing = existing(each.getKey().getParent());
      Object disk = disk(existing);
      disks.putIfAbsent(disk, existing);
      needed.merge(disk, each.getValue(), Long::sum);
    }
    for (Path each : leaving) {
      if (Files.exists(each)) {
        needed.computeIfPresent(disk(each), (disk, bytes) -> bytes - sizeOf(each));
      }
    }
    needed.remove(disk(standby));
    for (Map.Entry<Object, Long> each : needed.entrySet()) {
      Path place = disks.get(each.getKey());
      long free = free(place);
      if (free < each.getValue()) {
        throw full(place, each.getValue(), free);
      }
    }
  }

  /** Whether two directories are on the same disk. */
  static boolean isShared(Path one, Path other) throws IOException {
    return disk(existing(one)).equals(disk(existing(other)));
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // removed meanwhile
    }
  }

  /** A path, or what there is above it. */
  static Path existing(Path path) {
    Path existing = path.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  static Object disk(Path existing) throws IOException {
    return Files.getAttribute(existing, "unix:dev");
  }

  private static long free(Path existing) throws IOException {
    return Files.getFileStore(existing).getUsableSpace();
  }

  private static RefusedException full(Path place, long bytes, long free) {
    return new RefusedException(
        Reason.DISK_FULL,
        FileNames.shown(place) + ": needs " + bytes + " bytes, and the disk has " + free + " left",
        "make room there, or put the standby on a larger disk");
  }
}
