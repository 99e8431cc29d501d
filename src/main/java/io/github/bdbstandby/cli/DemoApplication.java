package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.Platform;
import io.github.bdbstandby.libdb.FileNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody else's application, played by a program in C that travels in the jar. */
final class DemoApplication {
  private static final String NAME = "bdb-writer";
  private static final int ACKNOWLEDGEMENT_BYTES = 24;
  private static final int LIMIT_SECONDS = 120;

  private final Path program;
  private final Path acknowledgements;
  private final Path messages;
  private Process running;

  DemoApplication(Path work) throws IOException {
    program = work.resolve(NAME);
    acknowledgements = work.resolve("acknowledged");
    messages = work.resolve("messages");
    String resource = "/" + Platform.RESOURCE_PREFIX + "/" + NAME;
    try (InputStream in = DemoApplication.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + ": not in the jar; the demo needs it");
      }
      Files.copy(in, program);
    }
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(FileNames.shown(program) + ": can't be made executable");
    }
  }

  void create(Path home) throws IOException {
    run("init", home, "--databases", "2", "--accounts", "2000");
  }

  /** Starts it and returns when its first transaction is committed. */
  void start(Path home) throws IOException {
    running =
        builder(
                "run",
                home,
                "--seconds",
                "0",
                "--sync",
                "--rate",
                "2000",
                "--ack",
                acknowledgements.toString(),
                "--checkpoint-ms",
                "500",
                "--long-ms",
                "2000")
            .start();
    BufferedReader out = running.inputReader();
    String line = out.readLine();
    if (!"ready".equals(line)) {
      throw new IOException(NAME + " did not get ready: " + said());
    }
  }

  /**
   * SIGKILL: it closes nothing.
   *
   * @return when it was sent, in milliseconds since 1970
   */
  long kill() {
    long when = System.currentTimeMillis();
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
    return when;
  }

  /** Transactions that it knew to be durable. */
  long acknowledged() throws IOException {
    return Files.size(acknowledgements) / ACKNOWLEDGEMENT_BYTES;
  }

  /** Recomputes every record; {@code ok} says whether all is right. */
  JsonNode check(Path home) throws IOException {
    return new ObjectMapper().readTree(run("check", home, "--ack", acknowledgements.toString()));
  }

  /** Works a moment in an environment that it finds. */
  void workOn(Path home) throws IOException {
    run("run", home, "--recover", "--seconds", "1", "--sync");
  }

  private ProcessBuilder command(List<String> words) {
    // What a check finds lost is in what it prints.
    return new ProcessBuilder(words)
        .redirectError(ProcessBuilder.Redirect.appendTo(messages.toFile()));
  }

  private ProcessBuilder builder(String mode, Path home, String... options) {
    List<String> words = new ArrayList<>(List.of(program.toString(), mode));
    words.addAll(List.of("--home", home.toString()));
    words.addAll(List.of(options));
    return command(words);
  }

  private String said() throws IOException {
    return Files.readString(messages);
  }

  /** Runs it to its end and returns the last line that it printed. */
  private String run(String mode, Path home, String... options) throws IOException {
    Process process = builder(mode, home, options).start();
    try {
      String last = "";
      BufferedReader out = process.inputReader();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line;
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(NAME + " " + mode + ": still running after " + LIMIT_SECONDS + " s");
      }
      if (process.exitValue() > 1 || last.isEmpty()) {
        throw new IOException(
            NAME + " " + mode + ": exit code " + process.exitValue() + ": " + said());
      }
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
