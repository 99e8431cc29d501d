package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that goes, with all that is in it, when it is closed. For one thread. */
public final class Scratch implements AutoCloseable {
  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  /**
   * One in {@code java.io.tmpdir}.
   *
   * @param prefix of its name
   * @throws IOException if it can't be made
   */
  public static Scratch temporary(String prefix) throws IOException {
    return new Scratch(Files.createTempDirectory(prefix));
  }

  /**
   * One at this place, made by whoever needs it; what lies there from a run that was cut off goes
   * at once.
   *
   * @throws IOException if that can't be removed
   */
  public static Scratch at(Path directory) throws IOException {
    DurableFiles.deleteTree(directory);
    return new Scratch(directory);
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    DurableFiles.deleteTree(directory);
  }
}
