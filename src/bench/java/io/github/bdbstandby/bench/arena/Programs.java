package io.github.bdbstandby.bench.arena;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. One that takes too long gets SIGKILL. */
public final class Programs {
  /** For what copies or recovers an environment; a stuck libdb waits for ever. */
  public static final Duration LONG = Duration.ofMinutes(15);

  /** How much of a command and of its last words is told. */
  private static final int WORDS = 8;

  private Programs() {}

  /** What a program printed, and how it ended. */
  public record Result(int code, String out, String err) {
    public List<String> lines() {
      return out.lines().toList();
    }

    /** The last line printed; empty if there was none. */
    public String lastLine() {
      return out.lines().reduce("", (a, b) -> b);
    }
  }

  /** Runs one that must end well. */
  public static Result run(Object... words) throws IOException, InterruptedException {
    return run(Arrays.stream(words).map(Object::toString).toList());
  }

  /** The same. */
  public static Result run(List<String> command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command));
  }

  /** The same, made ready by the caller. */
  public static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Result result = attempt(builder);
    if (result.code() != 0) {
      throw failed(builder.command(), result);
    }
    return result;
  }

  private static IOException failed(List<String> command, Result result) {
    return new IOException(
        command.subList(0, Math.min(WORDS, command.size()))
            + ": "
            + result.code()
            + result.err().lines().limit(WORDS).toList());
  }

  /** Runs one to whatever end. */
  public static Result attempt(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("program", ".out");
    Path err = Files.createTempFile("program", ".err");
    try {
      builder.environment().remove("DB_HOME");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException(builder.command().get(0) + ": not done after " + LONG);
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      return new Result(
          process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }
}
