package io.github.bdbstandby.bench.arena;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The most memory that a program had resident.
 *
 * @param kilobytes as the kernel counts them, in 1,024 bytes
 */
public record PeakMemory(long kilobytes) {
  private static final int LOOK_MILLIS = 5;

  /** Runs it to its good end and looks all the while: the kernel's own peak goes with it. */
  public static PeakMemory of(ProcessBuilder builder) throws IOException, InterruptedException {
    Path err = Files.createTempFile("program", ".err");
    try {
      Process process =
          builder
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      long end = System.nanoTime() + Programs.LONG.toNanos();
      long peak = 0;
      try {
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          if (System.nanoTime() > end) {
            throw new IOException(builder.command().get(0) + ": not done after " + Programs.LONG);
          }
          peak = Math.max(peak, highWater(process.pid()));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      if (process.exitValue() != 0) {
        throw new IOException(builder.command().get(0) + ": " + Files.readString(err));
      }
      return new PeakMemory(peak);
    } finally {
      Files.deleteIfExists(err);
    }
  }

  private static long highWater(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // it has just ended
    }
  }

  public double megabytes() {
    return kilobytes * 1024 / 1e6;
  }
}
