package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.PeakMemory;
import io.github.bdbstandby.bench.peer.Access;
import io.github.bdbstandby.bench.peer.OurProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ours from the command line takes of memory, when it may have 64 MB of heap. */
final class Memory {
  /** The greatest that the heap held. */
  static final String HEAP = "heap";

  /** In megabytes. */
  static final double HEAP_LIMIT = 64;

  private static final Pattern BEFORE_COLLECTION = Pattern.compile("Pause .* ([0-9]+)M->");
  private static final Pattern AT_EXIT =
      Pattern.compile("(?:new|tenured) generation .* used ([0-9]+)K");

  private Memory() {}

  static void measure(Arena arena, String scenario, int round, Path source, Access access)
      throws Exception {
    Path backup = arena.fresh(scenario + "-backup");
    Path log = arena.place(scenario + "-gc.log");
    ProcessBuilder program =
        new OurProgram(false, access)
            .program(
                source,
                backup,
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=64m",
                "-Xlog:gc*:file=" + log + ":none:filecount=0");
    PeakMemory peak = PeakMemory.of(program);
    arena.meter().less(round, scenario, "ours-cli", "resident", "MB", peak.megabytes());
    arena.meter().less(round, scenario, "ours-cli", HEAP, "MB", heap(log));
    Files.delete(log);
    Homes.delete(backup);
  }

  /** The serial collector says what there was before each collection, and at the end. */
  private static double heap(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    double most = greatest(lines, BEFORE_COLLECTION);
    double end =
        lines.stream()
                .map(AT_EXIT::matcher)
                .filter(Matcher::find)
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum()
            / 1024;
    return Math.max(most, end);
  }

  private static double greatest(List<String> lines, Pattern pattern) {
    return lines.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .max()
        .orElse(0);
  }
}
