package io.github.bdbstandby.faults;

import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.testkit.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small ext4 file system in a file, whose power can be cut: what nobody has made durable, and the
 * kernel has not written of itself, is lost then.
 */
final class CutDisk implements AutoCloseable {
  private static final long SIZE = 160L << 20;
  private static final int ATTEMPTS = 200;

  private final Path directory;
  private final Path point;
  private Path image;
  private int cuts;

  private CutDisk(Path directory) throws IOException {
    this.directory = directory;
    this.point = Files.createDirectories(directory.resolve("mounted"));
    this.image = directory.resolve("image0");
  }

  static CutDisk in(Path directory) throws IOException {
    CutDisk disk = new CutDisk(directory);
    try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    // Nothing is left for the kernel to do later, in its own time.
    Run.of(
            "mkfs.ext4",
            "-q",
            "-J",
            "size=4",
            "-E",
            "lazy_itable_init=0,lazy_journal_init=0",
            disk.image.toString())
        .good();
    disk.mount();
    return disk;
  }

  private void mount() {
    // The journal is committed when somebody asks for it, not every five seconds.
    Run.of("mount", "-o", "loop,commit=300", image.toString(), point.toString()).good();
  }

  private void unmount() throws IOException {
    Mount.unmount(point);
  }

  Path point() {
    return point;
  }

  /**
   * Cuts the power and restores it: the same place then holds what had reached the disk. Whoever
   * had files open there must be dead.
   */
  void cut() throws IOException {
    Path copy = directory.resolve("image" + ++cuts);
    String device = Run.of("findmnt", "-n", "-o", "SOURCE", point.toString()).good().out().strip();
    Path counters = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
    for (int attempt = 1; ; attempt++) {
      String before = writes(counters);
      Run.of("cp", "--sparse=always", image.toString(), copy.toString()).good();
      if (before.equals(writes(counters))) {
        break; // the copy is of one moment
      }
      if (attempt == ATTEMPTS) {
        throw new IOException(device + ": is written to all the time");
      }
    }
    unmount();
    Files.delete(image);
    image = copy;
    mount();
  }

  /** Writes done and requests on their way. */
  private static String writes(Path counters) throws IOException {
    String[] fields = Files.readString(counters).strip().split("\\s+", -1);
    return fields[4] + " " + fields[8];
  }

  /** Takes room away, with a file that has nothing to do with us; leaves so many bytes. */
  void fill(long left) throws IOException {
    long room = point.toFile().getUsableSpace() - left;
    if (room > 0) {
      Run.of("fallocate", "-l", String.valueOf(room), ballast().toString());
    }
  }

  /** Makes room again. */
  void empty() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return point.resolve("ballast");
  }

  @Override
  public void close() throws IOException {
    unmount();
    Files.deleteIfExists(image);
  }
}
