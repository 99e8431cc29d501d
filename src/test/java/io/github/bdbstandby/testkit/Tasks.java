package io.github.bdbstandby.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of a process, as the kernel tells of them. */
final class Tasks {
  /** Of ours, in a call into an environment's regions: the kernel keeps 15 bytes of its name. */
  private static final String REGION_CALL = "bdb-standby-reg";

  private Tasks() {}

  private static List<Path> of(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      return tasks.toList();
    } catch (NoSuchFileException e) {
      return List.of(); // it has ended
    }
  }

  /** Whether each of them has stopped: one that writes to a disk ends its call first. */
  static boolean haveStopped(long pid) throws IOException {
    return of(pid).stream().allMatch(Tasks::hasStopped);
  }

  /** Whether one of them is in the regions of an environment, of which it may have a lock. */
  static boolean areInRegions(long pid) throws IOException {
    return of(pid).stream().anyMatch(Tasks::isRegionCall);
  }

  private static boolean isRegionCall(Path task) {
    try {
      return Files.readString(task.resolve("comm")).strip().equals(REGION_CALL);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static boolean hasStopped(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
      char state = stat.charAt(stat.lastIndexOf(')') + 2); // a name may have brackets of its own
      return state == 'T' || state == 'Z';
    } catch (IOException e) {
      return false; // it has ended: the next look tells of the others
    }
  }
}
