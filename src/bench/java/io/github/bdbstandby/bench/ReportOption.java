package io.github.bdbstandby.bench;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a command's report goes. */
final class ReportOption {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the report goes. Default: a directory of its own below target/bench.")
  private Path out;

  /** As given, or the one of that name. */
  Path orDefault(String name) {
    return out == null ? Path.of("target", "bench", name) : out;
  }
}
