package io.github.bdbstandby.bench.arena;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel has in memory of the files: the same for everybody who is measured. */
public enum Caches {
  /** Nothing: everything is written out, then forgotten. Needs root. */
  DROPPED,
  /** All of the files that are read. */
  WARM;

  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

  /** The stricter one, where this process may. */
  static Caches best() {
    return Files.isWritable(DROP) ? DROPPED : WARM;
  }

  /** Makes it so for these directories. */
  public void prepare(Path... directories) throws IOException, InterruptedException {
    Programs.run("sync");
    if (this == DROPPED) {
      Files.writeString(DROP, "3");
      return;
    }
    for (Path directory : directories) {
      for (Path file : Homes.files(directory)) {
        try (InputStream in = Files.newInputStream(file)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  }

  /** In words, for the report. */
  public String description() {
    return this == DROPPED ? "dropped before each" : "warmed before each";
  }
}
