package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real environments and independent witnesses: the writer and libdb's utilities. No process
 * outlives its timeout.
 */
final class Tools {

  static final long SECONDS = 300;

  private Tools() {}

  record Result(int exit, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    // The sanitizers' runtime is for the JVM only.
    builder.environment().remove("LD_PRELOAD");
    return builder;
  }

  static Result run(String... command) {
    return run(List.of(command), SECONDS);
  }

  static Result run(List<String> command, long seconds) {
    Path out = null;
    Path err = null;
    try {
      out = Files.createTempFile("out", null);
      err = Files.createTempFile("err", null);
      Process process =
          builder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String text = new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1);
      String errors = new String(Files.readAllBytes(err), StandardCharsets.ISO_8859_1);
      assertThat(ended).as("%s ended within %s s: %s%s", command, seconds, text, errors).isTrue();
      return new Result(process.exitValue(), text, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Result runOk(String... command) {
    Result result = run(command);
    assertThat(result.exit()).as("%s: %s%s", List.of(command), result.out(), result.err()).isZero();
    return result;
  }

  static Result writer(String mode, Path home, String... options) {
    return runOk(writerCommand(mode, home, options));
  }

  private static String[] writerCommand(String mode, Path home, String... options) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("bdbstandby.writer"));
    command.add(mode);
    command.add("--home");
    command.add(home.toString());
    command.addAll(List.of(options));
    return command.toArray(String[]::new);
  }

  /** An environment with a few small log files and databases. */
  static Path init(Path home, String... options) throws IOException {
    Files.createDirectories(home);
    List<String> all = new ArrayList<>(List.of("--accounts", "200"));
    if (!List.of(options).contains("--log-size")) {
      all.addAll(List.of("--log-size", "200000", "--log-buffer", "40000"));
    }
    all.addAll(List.of(options));
    writer("init", home, all.toArray(String[]::new));
    return home;
  }

  /** So many transactions, then the writer ends and leaves the regions. */
  static void commits(Path home, int count, String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("--commits", String.valueOf(count), "--threads", "1", "--checkpoint-ms", "20"));
    all.addAll(List.of(options));
    writer("run", home, all.toArray(String[]::new));
  }

  /** A writer that keeps the environment busy until it is closed. */
  static Busy busy(Path home, String... options) {
    List<String> all =
        new ArrayList<>(List.of("--seconds", "0", "--rate", "2000", "--checkpoint-ms", "50"));
    all.addAll(List.of(options));
    return new Busy(List.of(writerCommand("run", home, all.toArray(String[]::new))));
  }

  static final class Busy implements AutoCloseable {

    private final Process process;

    private Busy(List<String> command) {
      try {
        process = builder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("ready");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean isAlive() {
      return process.isAlive();
    }

    void kill() {
      process.destroyForcibly();
    }

    @Override
    public void close() {
      try {
        process.destroy();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Copies all regular files of a home but its regions, as a backup would. */
  static Path copyHome(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().matches("__db\\.[0-9]+")) {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  /** The size and content of each file. */
  static java.util.Map<String, String> contents(Path directory) throws IOException {
    java.util.Map<String, String> contents = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(Files.readAllBytes(file));
        contents.put(
            directory.relativize(file).toString(), Files.size(file) + ":" + crc.getValue());
      }
    }
    return contents;
  }

  static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IllegalStateException("no VmRSS");
  }
}
