package io.github.bdbstandby.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the library noted of one run.
 *
 * @param operations names, in order
 * @param struck whether the fault has happened
 */
record Trace(List<String> operations, boolean struck) {
  private static final String MARK = "! ";

  Trace {
    operations = List.copyOf(operations);
  }

  /** The trace so far; empty if nothing was noted yet. */
  static Trace read(Path file) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return new Trace(
        lines.stream().filter(line -> !line.startsWith(MARK)).toList(),
        lines.stream().anyMatch(line -> line.startsWith(MARK)));
  }

  /** How often each name occurs. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    operations.forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts;
  }
}
