package io.github.bdbstandby.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.faults.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Looks at a home at rest, by a clone of it that is recovered. */
final class Inspection {
  private static final String NAMED = "db\\d+";

  private final Bank bank;

  Inspection(Bank bank) {
    this.bank = bank;
  }

  /**
   * It recovers by libdb's own program, to a state that the application's check finds whole, with
   * all that was acknowledged before then and nothing that was not committed, without damage, and
   * one that an application can go on from. While a switch is open it may refuse; then a failover
   * of the clone must do, whatever the source has removed since.
   *
   * @return the named databases, with their numbers of records
   */
  Map<String, Integer> standby(Path home, long acknowledgedBefore) throws IOException {
    try (Temporary place = Temporary.directory()) {
      Path clone = place.resolve("clone");
      if (!Checks.recoversAlone(home, clone)) {
        Run.of("rm", "-r", clone.toString()).good();
        Run.of("cp", "-a", home.toString(), clone.toString()).good();
        Cli.json("failover", "--standby", clone, "--accept-loss").good();
      }
      return found(clone, acknowledgedBefore);
    }
  }

  /** The same by our own recovery: libdb's can't follow all names. */
  Map<String, Integer> recovered(Path home, long acknowledgedBefore) throws IOException {
    try (Temporary place = Temporary.directory()) {
      Path clone = place.resolve("clone");
      Run.of("cp", "-a", home.toString(), clone.toString()).good();
      Cli.json("recover", "--home", clone).good();
      return found(clone, acknowledgedBefore);
    }
  }

  /**
   * The same by normal recovery, as its application has it: over all the log that it still has,
   * libdb's catastrophic recovery would lose databases that were renamed.
   */
  Map<String, Integer> primary(Path home, long acknowledgedBefore) throws IOException {
    try (Temporary place = Temporary.directory()) {
      Path clone = place.resolve("clone");
      Run.of("cp", "-a", home.toString(), clone.toString()).good();
      Run.of("db5.3_recover", "-h", clone.toString()).good();
      return found(clone, acknowledgedBefore);
    }
  }

  /**
   * Whether the application's own recovery leaves a database behind that has not all its records.
   */
  boolean losesChurned(Path home) throws IOException {
    try (Temporary place = Temporary.directory()) {
      Path clone = place.resolve("clone");
      Run.of("cp", "-a", home.toString(), clone.toString()).good();
      Run.of("db5.3_recover", "-h", clone.toString()).good();
      Run check = Bank.writer(clone, "check");
      return check.exit() != 0
          && check.err().matches("(?s).*check failed: churn.*are missing or.*");
    }
  }

  /** What libdb's own program has against the source's files as they lie there. */
  String complaints(Path home) throws IOException {
    StringBuilder all = new StringBuilder();
    if (Files.isDirectory(home)) {
      for (Path database : Bank.databases(home)) {
        all.append(database.getFileName())
            .append(": ")
            .append(Files.size(database))
            .append(" bytes");
        Run verify = Run.of("db5.3_verify", "-o", database.toString());
        all.append(", ").append(verify.exit()).append(' ').append(verify.err()).append('\n');
      }
    }
    return all.toString();
  }

  private Map<String, Integer> found(Path clone, long acknowledgedBefore) throws IOException {
    bank.checkCopy(clone, acknowledgedBefore);
    Map<String, Integer> named = named(clone);
    assertWritable(clone);
    return named;
  }

  /** No page is ahead of the log, which libdb sees only when it writes such a page. */
  private static void assertWritable(Path clone) {
    Bank.writer(clone, "run", "--commits", "5", "--recover").good();
    Bank.writer(clone, "checkpoint").good();
  }

  private static Map<String, Integer> named(Path clone) throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    for (Path database : Bank.databases(clone)) {
      String name = database.getFileName().toString();
      if (name.matches(NAMED)) {
        Run count = Bank.writer(clone, "count", "--db", name).good();
        int records = new ObjectMapper().readTree(count.out()).path("count").asInt(-1);
        assertThat(found.put(name, records)).as("%s twice", name).isNull();
      }
    }
    return found;
  }
}
