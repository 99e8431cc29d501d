package io.github.bdbstandby.badinput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files by the kind that their names tell. */
final class Named {
  private Named() {}

  static List<Path> logs(Path directory) throws IOException {
    return files(directory, "log\\.\\d{10}");
  }

  static List<Path> databases(Path directory) throws IOException {
    return files(directory, ".*\\.db");
  }

  private static List<Path> files(Path directory, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }
}
