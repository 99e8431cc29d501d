package io.github.bdbstandby.procedure;

import java.nio.file.Path;
import java.util.List;

/**
 * What a step would do now, found out without changing anything.
 *
 * @param step which one
 * @param action one sentence
 * @param files what it would touch, with sizes in bytes
 */
public record StepPlan(StepName step, String action, List<PlannedFile> files) {
  /**
   * A file that a step would touch.
   *
   * @param path where it is now
   * @param bytes size of the file
   */
  public record PlannedFile(Path path, long bytes) {}

  /** Keeps a copy of the list. */
  public StepPlan {
    files = List.copyOf(files);
  }

  /** Bytes of all files together. */
  public long bytes() {
    return files.stream().mapToLong(PlannedFile::bytes).sum();
  }
}
