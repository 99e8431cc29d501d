package io.github.bdbstandby.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody else's application: the modes of {@code bdb-writer}. */
public final class Writer {
  private static final String PROGRAM = System.getProperty("bdbstandby.writer");

  private Writer() {}

  /** An environment with log files small enough that a moment's work fills several. */
  public static void init(Path home, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("--accounts", "40", "--log-size", "131072", "--cache", "1048576"));
    all.addAll(List.of(options));
    run("init", home, all.toArray(String[]::new));
  }

  /** Some commits and a clean stop. */
  public static void work(Path home, int commits, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--commits", String.valueOf(commits)));
    all.addAll(List.of("--checkpoint-ms", "50"));
    all.addAll(List.of(options));
    run("run", home, all.toArray(String[]::new));
  }

  /** Starts the application; returns when its first transaction is committed. */
  public static Child start(Path home, String... options) throws Exception {
    Child child = Child.start(command("run", home, options));
    try {
      child.awaitLine("ready");
      return child;
    } catch (IOException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** An application that has done its work and keeps the environment open. */
  public static Child idle(Path home, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--commits", "20", "--checkpoint-ms", "0"));
    all.addAll(List.of("--hold"));
    all.addAll(List.of(options));
    Child child = start(home, all.toArray(String[]::new));
    child.awaitLine("{");
    return child;
  }

  /** Somebody who has a lock of the regions and gives it back when a line is sent. */
  public static Child holdingLock(Path home) throws Exception {
    Child child = Child.start(command("hold-lock", home));
    child.awaitLine("ready");
    return child;
  }

  /** Runs a mode to its good end. */
  public static JsonNode run(String mode, Path home, String... options) throws Exception {
    Child.Ended ended = attempt(mode, home, options);
    if (ended.code() != 0) {
      throw new IOException("bdb-writer " + mode + ": " + ended);
    }
    return new ObjectMapper().readTree(ended.lastLine());
  }

  /** Runs a mode to whatever end. */
  public static Child.Ended attempt(String mode, Path home, String... options) throws Exception {
    try (Child child = Child.start(command(mode, home, options))) {
      return child.await();
    }
  }

  /** The command line of a mode, for who runs it as somebody else. */
  public static List<String> words(String mode, Path home, String... options) {
    return command(mode, home, options).command();
  }

  private static ProcessBuilder command(String mode, Path home, String... options) {
    // A mode's own argument, such as the 1 of "hotbackup-hold 1", goes before the options.
    List<String> words = new ArrayList<>(List.of(PROGRAM));
    words.addAll(List.of(mode.split(" ")));
    words.addAll(List.of("--home", home.toString()));
    words.addAll(List.of(options));
    return new ProcessBuilder(words);
  }
}
