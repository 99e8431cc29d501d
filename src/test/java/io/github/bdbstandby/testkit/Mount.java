package io.github.bdbstandby.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A small file system of its own, or another one's directory; only root can mount. */
public final class Mount implements AutoCloseable {
  private static final Duration BUSY = Duration.ofMinutes(1);

  private final Path point;

  private Mount(Path point) {
    this.point = point;
  }

  /** Mounts a tmpfs on a new directory. */
  public static Mount tmpfs(Path point, String size) throws IOException, InterruptedException {
    assumeThat(System.getProperty("user.name")).as("mounting").isEqualTo("root");
    Files.createDirectories(point);
    run("mount", "-t", "tmpfs", "-o", "size=" + size, "none", point.toString());
    return new Mount(point);
  }

  /** Shows a directory at another place, where nobody can write to it. */
  public static Mount readOnly(Path directory, Path point)
      throws IOException, InterruptedException {
    assumeThat(System.getProperty("user.name")).as("mounting").isEqualTo("root");
    Files.createDirectories(point);
    run("mount", "--bind", directory.toString(), point.toString());
    Mount mount = new Mount(point);
    run("mount", "-o", "remount,ro,bind", point.toString());
    return mount;
  }

  public Path point() {
    return point;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    try (Child child = Child.start(new ProcessBuilder(command))) {
      Child.Ended ended = child.await();
      if (ended.code() != 0) {
        throw new IOException(String.join(" ", command) + ": " + ended);
      }
    }
  }

  @Override
  public void close() throws IOException {
    unmount(point);
  }

  /**
   * Unmounts a file system when nobody is in it any more: whoever looks through {@code /proc} for
   * the files that others have open is, for a moment.
   */
  public static void unmount(Path point) throws IOException {
    long end = System.nanoTime() + BUSY.toNanos();
    try {
      while (true) {
        try (Child child = Child.start(new ProcessBuilder("umount", point.toString()))) {
          Child.Ended ended = child.await();
          if (ended.code() == 0) {
            return;
          }
          if (!ended.err().contains("busy") || System.nanoTime() > end) {
            throw new IOException("umount " + point + ": " + ended);
          }
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
