package io.github.bdbstandby.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A child process with its output gathered. It never outlives its time, nor its owner: SIGKILL ends
 * it, by its own id.
 */
public final class Child implements AutoCloseable {
  private static final long LIMIT_SECONDS = 300;

  private final String name;
  private final Process process;
  private final Path errors;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private volatile boolean ended;

  /** How it ended. */
  public record Ended(int code, String out, String err) {
    /** The last line printed; empty if there was none. */
    public String lastLine() {
      return out.lines().reduce("", (a, b) -> b);
    }
  }

  private Child(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.reader = new Thread(this::read, "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  public static Child start(ProcessBuilder builder) throws IOException {
    Path errors = Files.createTempFile("child", ".err");
    builder.redirectError(errors.toFile());
    return new Child(String.join(" ", builder.command()), builder.start(), errors);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      // its end of the pipe went with it
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Writes a line to its standard input. */
  public void send(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(UTF_8));
    process.getOutputStream().flush();
  }

  /** Whether it has printed a line that begins so. */
  public boolean hasSaid(String beginning) {
    synchronized (lines) {
      return lines.stream().anyMatch(line -> line.startsWith(beginning));
    }
  }

  /** Waits for a line that begins so. */
  public String awaitLine(String beginning) throws IOException, InterruptedException {
    return awaitLines(beginning, 1).get(0);
  }

  /** Waits for so many lines that begin so, counted from the start. */
  public List<String> awaitLines(String beginning, int count)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    synchronized (lines) {
      while (true) {
        List<String> found = lines.stream().filter(line -> line.startsWith(beginning)).toList();
        if (found.size() >= count) {
          return found;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || left <= 0) {
          throw new IOException(
              name + ": no '" + beginning + "' in " + lines + "; " + Files.readString(errors));
        }
        lines.wait(left);
      }
    }
  }

  /** Waits for a line on standard error that contains this. */
  public String awaitError(String part) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      boolean last = ended || System.nanoTime() > end;
      // A line is whole when it has its end.
      String text = Files.readString(errors, UTF_8);
      Optional<String> found =
          text.substring(0, text.lastIndexOf('\n') + 1)
              .lines()
              .filter(line -> line.contains(part))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      if (last) {
        throw new IOException(name + ": no '" + part + "' in " + text);
      }
      Thread.sleep(20);
    }
  }

  /** Waits for its end; kills it when that takes too long. */
  public Ended await() throws IOException, InterruptedException {
    return await(Duration.ofSeconds(LIMIT_SECONDS));
  }

  /** The same for one that may take longer. */
  public Ended await(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new IOException(name + ": still running after " + limit.toSeconds() + " s");
    }
    reader.join();
    synchronized (lines) {
      return new Ended(
          process.exitValue(), String.join("\n", lines), Files.readString(errors, UTF_8));
    }
  }

  /** Sends a signal: INT, TERM, STOP, CONT. After STOP it does nothing more. */
  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(pid())).start().waitFor();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (signal.equals("STOP") && isAlive() && !Tasks.haveStopped(pid())) {
      if (System.nanoTime() > end) {
        throw new IOException(name + ": does not stop");
      }
      Thread.sleep(1);
    }
  }

  /** Waits until it has stopped by itself. */
  public void awaitStop() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Tasks.haveStopped(pid()) || !isAlive()) {
      if (!isAlive() || System.nanoTime() > end) {
        throw new IOException(name + ": does not stop; " + Files.readString(errors));
      }
      Thread.sleep(1);
    }
  }

  /** SIGTERM, and its end awaited. */
  public Ended stop() throws IOException, InterruptedException {
    process.destroy();
    return await();
  }

  /** SIGKILL, and its end awaited. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * The same at the next moment in which it is in no call into an environment's regions. It may
   * have a lock there, which nobody could give back.
   */
  public void killOutsideRegions() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    signal("STOP");
    while (isAlive() && Tasks.areInRegions(pid()) && System.nanoTime() < end) {
      signal("CONT");
      Thread.sleep(1);
      signal("STOP");
    }
    kill();
  }

  @Override
  public void close() throws IOException {
    kill();
    Files.deleteIfExists(errors);
  }
}
