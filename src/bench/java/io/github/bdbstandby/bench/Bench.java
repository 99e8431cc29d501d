package io.github.bdbstandby.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The harness: one sub-command for each thing measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures bdb-standby on real environments, made for it.",
    footer = {"", "Microbenchmarks are compiled apart, with JMH: bin/bench micro --help"},
    subcommands = {CompareBench.class, ListingBench.class, RunCommand.class, TakeOverBench.class})
public final class Bench {
  private Bench() {}

  /** Runs it and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench());
  }
}
