package io.github.bdbstandby.busy;

import io.github.bdbstandby.testkit.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small file system of its own, in a sparse image; unmounted and gone when closed. */
public final class LoopMount implements AutoCloseable {
  private static final long SIZE = 400L << 20;

  private final Temporary directory;
  private final Path point;

  private LoopMount(Temporary directory, Path point) {
    this.directory = directory;
    this.point = point;
  }

  /** Makes and mounts one: ext4, xfs, btrfs or tmpfs. */
  public static LoopMount of(String type, String... options) throws IOException {
    return made(List.of(), type, options);
  }

  /** The same, with options of its making. */
  public static LoopMount made(List<String> making, String type, String... options)
      throws IOException {
    Temporary directory = Temporary.directory();
    boolean good = false;
    try {
      Path point = Files.createDirectory(directory.resolve("mounted"));
      List<String> mount = new ArrayList<>(List.of("mount", "-t", type));
      if (type.equals("tmpfs")) {
        mount.addAll(List.of("-o", "size=64m", "tmpfs"));
      } else {
        Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
          file.setLength(SIZE);
        }
        List<String> make = new ArrayList<>(List.of("mkfs." + type, "-q"));
        make.addAll(making);
        make.add(image.toString());
        Run.of(make.toArray(String[]::new)).good();
        mount.addAll(List.of("-o", String.join(",", concat("loop", options)), image.toString()));
      }
      mount.add(point.toString());
      Run.of(mount.toArray(String[]::new)).good();
      good = true;
      return new LoopMount(directory, point);
    } finally {
      if (!good) {
        directory.close();
      }
    }
  }

  private static List<String> concat(String first, String... more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all;
  }

  public Path path() {
    return point;
  }

  @Override
  public void close() throws IOException {
    Mount.unmount(point);
    directory.close();
  }
}
