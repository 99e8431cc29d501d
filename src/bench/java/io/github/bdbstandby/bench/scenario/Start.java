package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Caches;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import io.github.bdbstandby.bench.peer.Access;
import io.github.bdbstandby.bench.peer.OurProgram;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** From the start of the command line to the first byte of a database in the standby. */
final class Start implements Scenario {
  private static final String FIRST_BYTE = "first-byte";
  private static final double PROMISED_SECONDS = 0.4;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String description() {
    return "from the start of the command line to the first byte copied";
  }

  @Override
  public void run(Arena arena) throws Exception {
    Path source = Homes.copy(arena.standard(), arena.fresh(name()).resolve("home"));
    arena.describe(name(), source);
    Path backup = source.resolveSibling("backup");
    try (Child holder = Application.hold(source)) {
      for (int round = 0; round < arena.rounds(); round++) {
        // A program that is in use is in memory.
        Caches.WARM.prepare(source);
        double version =
            Stopwatch.seconds(() -> Programs.run(OurProgram.program(List.of("--version"))));
        Homes.delete(backup);
        double first =
            firstByte(new OurProgram(false, Access.OPEN).program(source, backup), backup);
        arena.say(String.format(Locale.ROOT, "%s, round %d: %.3f s", name(), round + 1, first));
        arena.meter().less(round, name(), "ours-cli", "version", "s", version);
        arena.meter().less(round, name(), "ours-cli", FIRST_BYTE, "s", first);
      }
      holder.kill();
    }
    arena.fresh(name());
    arena.meter().bound(name(), "ours-cli", FIRST_BYTE, PROMISED_SECONDS, PROMISED_SECONDS + " s");
  }

  private static double firstByte(ProcessBuilder builder, Path backup)
      throws IOException, InterruptedException {
    Path marks = backup.resolve(".bdb-standby");
    long start = System.nanoTime();
    Process process =
        builder
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long first = 0;
      while (first == 0 && process.isAlive()) {
        if (hasBytes(marks)) {
          first = System.nanoTime();
        }
        TimeUnit.MICROSECONDS.sleep(500);
      }
      if (!process.waitFor(Programs.LONG.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != 0
          || first == 0) {
        throw new IOException("the snapshot went wrong");
      }
      return (first - start) / 1e9;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static boolean hasBytes(Path marks) {
    if (!Files.isDirectory(marks)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(marks)) {
      return files.anyMatch(
          file -> file.getFileName().toString().contains(".db") && file.toFile().length() > 0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // it changes under our eyes
    }
  }
}
