package io.github.bdbstandby.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The environments described in {@code test-envs}. */
public final class Environments {
  public static final String PASSWORD = "open sesame";
  private static final Path FOLDERS = Path.of(System.getProperty("bdbstandby.testenvs"));

  private Environments() {}

  /** Makes one, small; a password goes into a file beside it. */
  public static void init(String name, Path home, String... more) throws Exception {
    List<String> options = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDERS.resolve(name).resolve("options"))) {
      int space = line.indexOf(' ');
      options.add(space < 0 ? line : line.substring(0, space));
      if (space >= 0) {
        options.add(
            line.substring(space + 1).replace("@PASSWORD_FILE@", passwordFile(home).toString()));
      }
    }
    options.addAll(List.of(more));
    Writer.init(home, options.toArray(String[]::new));
  }

  /** Where the password of the encrypted one is. */
  public static Path passwordFile(Path home) throws Exception {
    Path file = home.resolveSibling("password");
    if (!Files.exists(file)) {
      Files.writeString(file, PASSWORD + "\n");
    }
    return file;
  }
}
