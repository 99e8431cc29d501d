package io.github.bdbstandby.bench.arena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The application whose environment is measured: the writer of the test environments. */
public final class Application {
  private static final String PROGRAM = System.getProperty("bdbstandby.writer");
  private static final String REMEMBERED = "bdb-writer.conf";

  private Application() {}

  /** Runs a mode to its good end. */
  public static JsonNode run(String mode, Path home, List<String> options)
      throws IOException, InterruptedException {
    return new ObjectMapper().readTree(Programs.run(command(mode, home, options)).lastLine());
  }

  /** The same. */
  public static JsonNode run(String mode, Path home, Object... options)
      throws IOException, InterruptedException {
    return run(mode, home, words(options));
  }

  /** Keeps an environment open until it is closed. */
  public static Child hold(Path home, Object... options) throws IOException, InterruptedException {
    return start("hold", home, options);
  }

  /** Starts a mode that says {@code ready}. */
  public static Child start(String mode, Path home, Object... options)
      throws IOException, InterruptedException {
    Child child = Child.start(new ProcessBuilder(command(mode, home, words(options))));
    try {
      child.awaitLine("ready");
      return child;
    } catch (IOException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** Whether a copy of a home passes the application's own check, and has so many commits. */
  public static boolean check(Path source, Path copy, long commits)
      throws IOException, InterruptedException {
    Files.copy(
        source.resolve(REMEMBERED), copy.resolve(REMEMBERED), StandardCopyOption.REPLACE_EXISTING);
    List<String> options = words("--expect-min-journal", commits);
    Programs.Result result = Programs.attempt(new ProcessBuilder(command("check", copy, options)));
    if (result.code() != 0) {
      System.err.println("bench: " + copy + ": " + result.err().strip());
    }
    return result.code() == 0;
  }

  private static List<String> words(Object... options) {
    return java.util.Arrays.stream(options).map(Object::toString).toList();
  }

  private static List<String> command(String mode, Path home, List<String> options) {
    List<String> words = new ArrayList<>(List.of(PROGRAM, mode, "--home", home.toString()));
    words.addAll(options);
    return words;
  }
}
