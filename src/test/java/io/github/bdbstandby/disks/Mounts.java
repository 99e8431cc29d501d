package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.testkit.Mount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Small file systems and other mounts for one test; all are gone when it is closed. */
final class Mounts implements AutoCloseable {
  private static final long IMAGE_BYTES = 400L << 20;

  private final Temporary directory;
  private final Deque<Path> points = new ArrayDeque<>();
  private int names;

  Mounts() throws IOException {
    assumeThat(System.getProperty("user.name")).as("mounting").isEqualTo("root");
    directory = Temporary.directory();
  }

  /** A new directory on none of them. */
  Path plain() throws IOException {
    return Files.createDirectory(directory.resolve("plain" + names++));
  }

  /** A file system in a sparse image. */
  Path image(String type, String... options) throws IOException {
    return image(type, List.of(), options);
  }

  /** The same, made by {@code mkfs} with options. */
  Path image(String type, List<String> making, String... options) throws IOException {
    return loop(type, made(type, making), options);
  }

  /** An ext4 whose files have their data journalled as if by chattr +j, which needs more rights. */
  Path journalling() throws IOException {
    Path image = made("ext4", List.of());
    Run.of("debugfs", "-w", "-R", "set_inode_field / flags 0x84000", image.toString()).good();
    return loop("ext4", image);
  }

  /** A directory of an ext4 whose files are encrypted. */
  Path encrypting() throws IOException {
    Path point = image("ext4", List.of("-O", "encrypt"));
    Path below = Files.createDirectory(point.resolve("encrypted"));
    Run.of("sh", "-c", "echo secret | e4crypt add_key -S 0x1234 \"$0\"", below.toString()).good();
    return below;
  }

  private Path made(String type, List<String> making) throws IOException {
    Path image = directory.resolve("image" + names++);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    List<String> make = new ArrayList<>(List.of("mkfs." + type, "-q"));
    make.addAll(making);
    make.add(image.toString());
    Run.of(make.toArray(String[]::new)).good();
    return image;
  }

  private Path loop(String type, Path image, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("loop"));
    all.addAll(Arrays.asList(options));
    return mount(plain(), "-t", type, "-o", String.join(",", all), image.toString());
  }

  Path tmpfs() throws IOException {
    return mount(plain(), "-t", "tmpfs", "-o", "size=128m", "tmpfs");
  }

  /** An overlay whose upper layer is on another file system. */
  Path overlay(Path upper) throws IOException {
    String options =
        "lowerdir="
            + plain()
            + ",upperdir="
            + Files.createDirectory(upper.resolve("upper"))
            + ",workdir="
            + Files.createDirectory(upper.resolve("work"));
    return mount(plain(), "-t", "overlay", "-o", options, "overlay");
  }

  /** Shows a directory at another place too. */
  Path bind(Path from, Path at) throws IOException {
    return mount(Files.createDirectories(at), "--bind", from.toString());
  }

  private Path mount(Path point, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(words));
    command.add(point.toString());
    Run.of(command.toArray(String[]::new)).good();
    points.push(point);
    return point;
  }

  @Override
  public void close() throws IOException {
    while (!points.isEmpty()) {
      Mount.unmount(points.peek());
      points.pop();
    }
    directory.close();
  }
}
