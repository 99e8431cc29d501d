package io.github.bdbstandby.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The harness: one sub-command for each thing measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures bdb-standby on real environments, made for it.",
    subcommands = {ListingBench.class, RunCommand.class, TakeOverBench.class})
public final class Bench {
  private Bench() {}

  /** Runs it and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs it and says how it ended. */
  static int run(String... args) {
    return new CommandLine(new Bench()).execute(args);
  }
}
