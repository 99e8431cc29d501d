package io.github.bdbstandby.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The threads of a process, as the kernel tells of them. */
final class Tasks {
  private Tasks() {}

  /** Whether each of them has stopped: one that writes to a disk ends its call first. */
  static boolean haveStopped(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (Path task : tasks.toList()) {
        if (!hasStopped(task)) {
          return false;
        }
      }
    }
    return true;
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
