package io.github.bdbstandby.cli;

import picocli.CommandLine.Option;

/** Whether to join the source. */
final class PassiveOption {
  @Option(
      names = "--passive",
      description =
          "Never join the source's environment: read its files only. For a source in another"
              + " container, of another user, or read-only. Commits that it has not flushed yet, and"
              + " whether DB_TXN_BULK keeps insertions out of its log, can't be known then.")
  private boolean passive;

  boolean isPassive() {
    return passive;
  }
}
