package io.github.bdbstandby.busy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process that has ended. Whoever is late is killed, by its own pid. */
public record Run(List<String> command, int exit, String out, String err) {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** What {@link Process#waitFor()} tells of SIGKILL. */
  public static final int KILLED = 128 + 9;

  /** Runs it to its end. */
  public static Run of(String... command) {
    return of(LIMIT, List.of(command));
  }

  /** Runs it to its end, or kills it when its time is over. */
  public static Run of(Duration limit, List<String> command) {
    try {
      Path out = Temporary.file("out");
      Path err = Temporary.file("err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        end(process, limit);
        return new Run(command, process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Waits for the end, and makes one when time is over. */
  static void end(Process process, Duration limit) {
    boolean interrupted = false;
    while (true) {
      try {
        if (!interrupted && process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        process.destroyForcibly();
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Fails unless it exited with 0. */
  public Run good() {
    assertThat(exit).as("%s%n%s%s", String.join(" ", command), out, err).isZero();
    return this;
  }
}
