package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.VerifyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which databases libdb's verify can't judge the order of. */
final class OwnOrderOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--own-order",
      paramLabel = "FILE",
      description =
          "A database whose keys or duplicates are in an order of the application's own (a comparison"
              + " function set in code), or hashed by a function of its own: libdb's verify leaves"
              + " that out and checks all else. The name as the application opens it, relative to the"
              + " home or a data directory; '*' for all. May be repeated; the standby remembers what"
              + " snapshot, sync and follow were told.")
  private List<String> names = new ArrayList<>();

  /** The names, each of which can be a database's; anything else is usage. */
  Set<String> names() {
    try {
      return VerifyOptions.builder().ownOrder(names.toArray(String[]::new)).build().ownOrder();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--own-order: " + e.getMessage(), e);
    }
  }
}
