package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What in a DB_CONFIG ends libdb's process, before libdb reads it. */
final class ConfigLines {
  private static final String FILE = "DB_CONFIG";
  private static final int LARGEST = 1 << 20;

  private ConfigLines() {}

  /**
   * Of a name of a directory without one, libdb follows a null pointer ({@code __config_scan}). Of
   * other lines of one word it says what is said here.
   */
  static void refuseNameless(Path home) {
    int number = 0;
    for (String line : lines(home.resolve(FILE))) {
      number++;
      String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      String word = text.replaceFirst("^[ \t\u000B\f\r]+", "");
      if (!word.isEmpty() && word.charAt(0) != '#' && !word.contains(" ") && !word.contains("\t")) {
        throw Failures.of(
            ErrorCodes.valueOf("EINVAL"),
            "DB_ENV->open " + FileNames.shown(home),
            List.of("line " + number + ": " + word + ": incorrect name-value pair"));
      }
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file)
          ? List.of(
              new String(RegularFile.read(file, LARGEST), StandardCharsets.ISO_8859_1)
                  .split("\n", -1))
          : List.of();
    } catch (IOException e) {
      return List.of(); // libdb can't read it either
    }
  }
}
