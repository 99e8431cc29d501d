package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A snapshot is killed while it takes the place of a standby that its source does not continue: the
 * next command ends the switch, and what was there is kept whole.
 */
final class KilledReplacementTest {
  @Test
  void bothAreWhole() throws Exception {
    killedAtEach(15);
  }

  @Test
  @Tag("soak")
  void bothAreWholeAtEachStep() throws Exception {
    killedAtEach(1);
  }

  private static void killedAtEach(int every) throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Path home = bank.home();
      Files.writeString(home.resolve("DB_CONFIG"), "# of the first\n");
      bank.writer("create", "--db", "first").good();
      Path before = directory.resolve("before");
      Cli.json("snapshot", "--home", home, "--standby", before).good();
      Path aside = directory.resolve("first");
      Files.move(home, aside);
      Bank second = Bank.make(directory.path(), "btree");
      second.writer("create", "--db", "second").good();

      Path work = Files.createDirectory(directory.resolve("work"));
      Path file = directory.resolve("trace");
      Path unharmed = KilledCommand.copy(before, work.resolve("unharmed"));
      Trace trace = KilledCommand.run("snapshot", home, unharmed, file, Optional.empty());
      assertBothWhole(unharmed, null);
      List<Point> points = KilledCommand.steps(trace, "journal.json", "manifest.json");
      assertThat(points).hasSizeGreaterThan(30);
      for (int i = 0; i < points.size(); i += every) {
        Path struck = KilledCommand.copy(before, work.resolve("struck"));
        KilledCommand.run("snapshot", home, struck, file, Optional.of(points.get(i)));
        Outcome next = Cli.json("sync", "--standby", struck);
        if (next.code() == 4) { // it was not begun
          Cli.json("snapshot", "--home", home, "--standby", struck).good();
        }
        assertBothWhole(struck, points.get(i));
        Tree.delete(struck);
      }
    }
  }

  private static void assertBothWhole(Path standby, Point point) throws Exception {
    List<Path> kept;
    try (var all = Files.list(standby.resolve(".bdb-standby/replaced"))) {
      kept = all.toList();
    }
    assertThat(kept).as("%s", point).hasSize(1);
    assertThat(kept.get(0).resolve("DB_CONFIG")).as("%s", point).hasContent("# of the first\n");
    for (Path each : List.of(kept.get(0), standby)) {
      assertThat(Cli.json("verify", "--standby", each).code()).as("%s %s", point, each).isZero();
    }
    Cli.json("failover", "--standby", kept.get(0), "--accept-loss").good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Bank.writer(kept.get(0), "count", "--db", "first").good().out()).contains("100");
    assertThat(Bank.writer(standby, "count", "--db", "second").good().out()).contains("100");
  }
}
