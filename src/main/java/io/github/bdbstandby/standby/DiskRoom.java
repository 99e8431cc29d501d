package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.SparseSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is coming, one thing after the other, to each disk that a standby lies on. */
final class DiskRoom {
  private final List<Coming> all = new ArrayList<>();

  /**
   * Bytes that come.
   *
   * @param original what is copied, without its holes
   * @param replaced what goes when that is done
   */
  private record Coming(
      Path directory, long bytes, Optional<Path> original, Optional<Path> replaced) {
    long taken(boolean sparse) throws IOException {
      return sparse && original.isPresent() ? SparseSize.of(original.get()) : bytes;
    }

    long freed() throws IOException {
      return replaced.isPresent() && Files.isRegularFile(replaced.get())
          ? SparseSize.of(replaced.get())
          : 0;
    }
  }

  private static final class Disk {
    private final Path place;
    private long held;
    private long most;

    Disk(Path place) {
      this.place = place;
    }

    void pass(long taken, long freed) {
      held += taken;
      most = Math.max(most, held);
      held -= freed;
    }
  }

  /** Bytes that stay there. */
  void add(Path directory, long bytes) {
    all.add(new Coming(directory, bytes, Optional.empty(), Optional.empty()));
  }

  /** The copy of a database. */
  void add(Path directory, DatabaseFile file) {
    all.add(new Coming(directory, file.size(), Optional.of(file.path()), Optional.empty()));
  }

  /** The copy of another file. */
  void add(Path directory, OtherFile file) {
    all.add(new Coming(directory, file.size(), Optional.of(file.path()), Optional.empty()));
  }

  /** The same, gathered beside what has its name now, which goes when that is done. */
  void replace(Path place, OtherFile file) {
    all.add(
        new Coming(place.getParent(), file.size(), Optional.of(file.path()), Optional.of(place)));
  }

  /**
   * Checks that each can take it. Holes in files are looked for only if it takes them.
   *
   * @throws RefusedException {@code disk-full}
   */
  void check() throws IOException {
    boolean isEnough = true;
    for (Disk each : disks(false)) {
      isEnough &= SpaceGuard.isEnough(each.place, each.most);
    }
    if (!isEnough) {
      for (Disk each : disks(true)) {
        SpaceGuard.checkExactly(each.place, each.most);
      }
    }
  }

  private Iterable<Disk> disks(boolean sparse) throws IOException {
    Map<Object, Disk> disks = new LinkedHashMap<>();
    for (Coming each : all) {
      Object disk = SpaceGuard.disk(SpaceGuard.existing(each.directory()));
      disks
          .computeIfAbsent(disk, any -> new Disk(each.directory()))
          .pass(each.taken(sparse), each.freed());
    }
    return disks.values();
  }
}
