package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What in a DB_CONFIG ends libdb's process, before libdb reads it. */
final class ConfigLines {
  private static final String FILE = "DB_CONFIG";
  private static final int LARGEST = 1 << 20;

  /** What libdb reads at once ({@code __env_read_db_config}): of a longer line the rest is one. */
  private static final int PIECE = 255;

  private ConfigLines() {}

  /**
   * Of a name of a directory without one, libdb follows a null pointer ({@code __config_scan}). Of
   * other lines of one word it says what is said here.
   */
  static void refuseNameless(Path home) {
    int number = 0;
    for (String line : lines(home.resolve(FILE))) {
      number++;
      String text = line.replaceFirst("\0(?s:.*)", ""); // to C it ends there
      text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      String word = text.replaceFirst("^[ \t\u000B\f\r]+", "");
      if (!word.isEmpty() && word.charAt(0) != '#' && !word.contains(" ") && !word.contains("\t")) {
        throw Failures.of(
            ErrorCodes.valueOf("EINVAL"),
            "DB_ENV->open " + FileNames.shown(home),
            List.of("line " + number + ": " + word + ": incorrect name-value pair"));
      }
    }
  }

  /** As libdb counts them. */
  private static List<String> lines(Path file) {
    List<String> lines = new ArrayList<>();
    for (String line : text(file).split("\n", -1)) {
      int begin = 0;
      for (; line.length() - begin >= PIECE; begin += PIECE) {
        lines.add(line.substring(begin, begin + PIECE));
      }
      lines.add(line.substring(begin));
    }
    return lines;
  }

  private static String text(Path file) {
    try {
      return Files.isRegularFile(file)
          ? new String(RegularFile.read(file, LARGEST), StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException e) {
      return ""; // libdb can't read it either
    }
  }
}
