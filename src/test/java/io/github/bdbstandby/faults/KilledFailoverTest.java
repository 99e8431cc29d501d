package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A failover is killed at its end, and what its source had shipped is no more at the source: the
 * next one promotes with all of it, or this one has.
 */
final class KilledFailoverTest {
  private static final int BEFORE = 3;

  @Test
  void whatWasShippedIsNotForgotten() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "65536");
      Path before = directory.resolve("before");
      Cli.json("snapshot", "--home", bank.home(), "--standby", before).good();
      bank.writer("run", "--commits", "600", "--write-nosync", "--checkpoint-ms", "50").good();
      Path waiting = Files.createDirectories(before.resolve(".bdb-standby/incoming"));
      for (Path log : bank.logs()) {
        Files.copy(log, waiting.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      bank.writer("checkpoint").good();
      bank.writer("archive", "--remove").good();
      assertThat(bank.logs().size()).isLessThan(Tree.of(waiting).size());

      Path file = directory.resolve("trace");
      Path unharmed = KilledCommand.copy(before, directory.resolve("unharmed"));
      Trace trace = KilledCommand.run("failover", bank.home(), unharmed, file, Optional.empty());
      JsonNode reached = position(unharmed);
      List<Point> points = atTheEnd(trace);
      for (Point point : points) {
        Path struck = KilledCommand.copy(before, directory.resolve("struck"));
        KilledCommand.run("failover", bank.home(), struck, file, Optional.of(point));
        Outcome next = Cli.json("failover", "--standby", struck);
        if (next.code() == 3) {
          assertThat(next.json().path("reason").asText()).as("%s", point).isEqualTo("promoted");
        } else {
          assertThat(next.code()).as("%s: %s", point, next).isZero();
        }
        assertThat(position(struck)).as("%s", point).isEqualTo(reached);
        assertThat(struck.resolve(".bdb-standby/incoming")).as("%s", point).doesNotExist();
        bank.checkCopy(struck, 0);
        Tree.delete(struck);
      }
    }
  }

  /** The primary's DB_CONFIG, with flags that no private environment takes, is in its place. */
  @Test
  void whatWasAlmostPromotedIsNotTakenForDamaged() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      String config = "set_open_flags DB_REGISTER on\n";
      Files.writeString(bank.home().resolve("DB_CONFIG"), config);
      Path standby = directory.resolve("standby");
      Cli.json("snapshot", "--home", bank.home(), "--standby", standby, "--passive").good();
      Path unharmed = KilledCommand.copy(standby, directory.resolve("unharmed"));
      Path file = directory.resolve("trace");
      Trace trace = KilledCommand.run("failover", bank.home(), unharmed, file, Optional.empty());
      Point last =
          KilledCommand.steps(trace, "unfinished", "manifest.json").stream()
              .reduce((first, second) -> second)
              .orElseThrow();
      KilledCommand.run("failover", bank.home(), standby, file, Optional.of(last));
      assertThat(standby.resolve("DB_CONFIG")).hasContent(config.strip());
      for (String how : List.of("-v", "--drill")) {
        Outcome verify = Cli.json("verify", "--standby", standby, how);
        assertThat(verify.code()).as("%s", verify).isZero();
      }
      assertThat(standby.resolve("DB_CONFIG")).hasContent(config.strip());
      Cli.json("recover", "--home", standby).good();
      Cli.json("failover", "--standby", standby).good();
    }
  }

  /** Around the promoted manifest: what is done once recovery has ended. */
  private static List<Point> atTheEnd(Trace trace) {
    List<Point> all = KilledCommand.steps(trace, "unfinished", "nothing");
    int manifest = all.size() - 1;
    while (!all.get(manifest).name().equals("rename standby/manifest.json")) {
      manifest--;
    }
    List<Point> points = all.subList(manifest - BEFORE, all.size());
    assertThat(points).anyMatch(point -> point.name().contains("incoming"));
    return points;
  }

  private static JsonNode position(Path standby) throws Exception {
    return Cli.json("status", "--standby", standby).good().path("recoveredTo");
  }
}
