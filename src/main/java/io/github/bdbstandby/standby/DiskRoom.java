package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.SparseSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is coming, one thing after the other, to each disk that a standby lies on. */
final class DiskRoom {
  private final Map<Object, Disk> disks = new LinkedHashMap<>();

  private static final class Disk {
    private final Path place;
    private long held;
    private long most;

    Disk(Path place) {
      this.place = place;
    }

    void take(long bytes) {
      held += bytes;
      most = Math.max(most, held);
    }
  }

  /** Bytes that stay there. */
  void add(Path directory, long bytes) throws IOException {
    disk(directory).take(bytes);
  }

  /** A file that is gathered beside what has its name now, which goes when that is done. */
  void replace(Path place, long bytes) throws IOException {
    Disk disk = disk(place.getParent());
    disk.take(bytes);
    disk.held -= Files.isRegularFile(place) ? SparseSize.of(place) : 0;
  }

  private Disk disk(Path directory) throws IOException {
    Path existing = SpaceGuard.existing(directory);
    return disks.computeIfAbsent(SpaceGuard.disk(existing), disk -> new Disk(directory));
  }

  /** Whether each can take it. */
  boolean isEnough() throws IOException {
    for (Disk each : disks.values()) {
      if (!SpaceGuard.isEnough(each.place, each.most)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks that each can take it.
   *
   * @throws RefusedException {@code disk-full}
   */
  void check() throws IOException {
    for (Disk each : disks.values()) {
      SpaceGuard.checkExactly(each.place, each.most);
    }
  }
}
