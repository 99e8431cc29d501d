package io.github.bdbstandby.busy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An application at work. */
public final class Busy implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Process process;
  private final Path out;
  private final Path err;
  private boolean ended;

  private Busy(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Busy start(Bank bank, Path home, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--seconds",
                "0",
                "--write-nosync",
                "--ack",
                bank.acknowledged().toString()));
    arguments.addAll(List.of(more));
    return start(Bank.command(home, arguments.toArray(String[]::new)));
  }

  /** Any application that says when it is ready and stops on SIGTERM. */
  public static Busy start(List<String> command) {
    try {
      Path out = Temporary.file("out");
      Path err = Temporary.file("err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      Busy busy = new Busy(process, out, err);
      busy.awaitReady();
      return busy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!Files.readString(out).contains("ready")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        String errors = Files.readString(err);
        close();
        throw new AssertionError("the writer has done nothing: " + errors);
      }
      pause(20);
    }
  }

  /** Lets it work on. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Microseconds since 1970, as in the file of acknowledged commits. */
  public static long now() {
    return System.currentTimeMillis() * 1000;
  }

  /** Fails if it has ended by itself. */
  public void assertAlive() throws IOException {
    assertThat(process.isAlive()).as(Files.readString(err)).isTrue();
  }

  public long pid() {
    return process.pid();
  }

  /** Asks it to stop, as an operator would, and wants it to have gone well. */
  public void stop() throws IOException {
    assertAlive();
    process.destroy();
    Run.end(process, LIMIT);
    ended = true;
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    Run.end(process, LIMIT);
    ended = true;
  }

  @Override
  public void close() throws IOException {
    if (!ended) {
      kill();
    }
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }
}
