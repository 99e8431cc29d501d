package io.github.bdbstandby.bench.arena;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the kernel has in memory of the files that are measured: the same for everybody. Programs
 * stay in memory, as those do that are in use.
 */
public enum Caches {
  /** Nothing. */
  DROPPED {
    @Override
    void prepare(List<Path> files) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("sh", "-c", DROP, "sh"));
      files.forEach(file -> command.add(file.toString()));
      Programs.run(command);
    }
  },
  /** All of them. */
  WARM {
    @Override
    void prepare(List<Path> files) throws IOException {
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  };

  private static final long SETTLING_MILLIS = 1500;

  /** Copies nothing into each; what was asked for is done all the same: POSIX_FADV_DONTNEED. */
  private static final String DROP =
      "for file; do dd of=\"$file\" oflag=nocache conv=notrunc,fdatasync count=0 status=none; done";

  abstract void prepare(List<Path> files) throws IOException, InterruptedException;

  /** Makes it so for the files of these directories that are there, after all has been written. */
  public void prepare(Path... directories) throws IOException, InterruptedException {
    Programs.run("sync");
    // What was deleted is given back to the device even after that (discard).
    TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
    List<Path> files = new ArrayList<>();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        files.addAll(Homes.files(directory));
      }
    }
    prepare(files);
  }

  /** In words, for the report. */
  public String description() {
    return this == DROPPED ? "dropped before each" : "warmed before each";
  }
}
