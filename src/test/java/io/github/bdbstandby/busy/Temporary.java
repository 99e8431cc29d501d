package io.github.bdbstandby.busy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** A directory below java.io.tmpdir that goes when it is closed. */
public final class Temporary implements AutoCloseable {
  private final Path path;

  private Temporary(Path path) {
    this.path = path;
  }

  public static Temporary directory() throws IOException {
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    Files.createDirectories(base);
    return new Temporary(Files.createTempDirectory(base, "busy").toRealPath());
  }

  static Path file(String suffix) throws IOException {
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    Files.createDirectories(base);
    return Files.createTempFile(base, "busy", suffix);
  }

  public Path path() {
    return path;
  }

  public Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    FileUtils.deleteDirectory(path.toFile());
  }
}
