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
 * A fail back is killed while it takes the old primary's place, and that directory is found
 * elsewhere afterwards: the next command ends the switch there, and what only the old primary had
 * is kept.
 */
final class KilledFailBackTest {
  private static final String KEPT = ".bdb-standby/former-2";

  @Test
  void allIsKept() throws Exception {
    killedAtEach(15);
  }

  @Test
  @Tag("soak")
  void allIsKeptAtEachStep() throws Exception {
    killedAtEach(1);
  }

  private static void killedAtEach(int every) throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "65536");
      Path home = bank.home();
      Path primary = directory.resolve("primary");
      Cli.json("snapshot", "--home", home, "--standby", primary).good();
      Cli.json("failover", "--standby", primary).good();
      bank.writer("run", "--commits", "300", "--write-nosync", "--checkpoint-ms", "0").good();
      bank.writer("create", "--db", "only").good();
      Files.writeString(home.resolve("notes"), "the old one's");
      Files.writeString(primary.resolve("notes"), "the new one's");
      Path before = directory.resolve("before");
      Tree.copyAll(home, before);

      Path file = directory.resolve("trace");
      Trace trace = KilledCommand.run("snapshot", primary, home, file, Optional.empty());
      assertAllKept(before, home, primary, null);
      List<Point> points = KilledCommand.steps(trace, "journal.json", "manifest.json");
      assertThat(points).hasSizeGreaterThan(30);
      Path elsewhere = directory.resolve("elsewhere");
      for (int i = 0; i < points.size(); i += every) {
        Tree.delete(home);
        Tree.copyAll(before, home);
        KilledCommand.run("snapshot", primary, home, file, Optional.of(points.get(i)));
        Files.move(home, elsewhere);
        boolean begun = Files.exists(elsewhere.resolve(".bdb-standby/journal.json"));
        Outcome next = Cli.json("sync", "--standby", elsewhere);
        assertThat(next.code()).as("%s %s", points.get(i), next).isEqualTo(begun ? 0 : 3);
        if (!begun) {
          Files.move(elsewhere, home);
          Cli.json("snapshot", "--home", primary, "--standby", home).good();
          Files.move(home, elsewhere);
        }
        assertAllKept(before, elsewhere, primary, points.get(i));
        Files.move(elsewhere, home);
      }
    }
  }

  private static void assertAllKept(Path before, Path standby, Path primary, Point point)
      throws Exception {
    Path kept = standby.resolve(KEPT);
    List<Path> logs = Bank.logsIn(before);
    int parted = 0; // both have, or had, what comes before
    Path other = primary.resolve(logs.get(0).getFileName());
    while (!Files.exists(other) || Files.mismatch(logs.get(parted), other) < 0) {
      parted++;
      other = primary.resolve(logs.get(parted).getFileName());
    }
    for (Path log : logs.subList(parted, logs.size())) {
      assertThat(kept.resolve(log.getFileName())).as("%s", point).hasSameBinaryContentAs(log);
    }
    assertThat(kept.resolve("notes")).as("%s", point).hasContent("the old one's");
    assertThat(kept.resolve("only")).as("%s", point).exists();
    assertThat(standby.resolve("notes")).as("%s", point).hasContent("the new one's");
    assertThat(Cli.json("verify", "--standby", standby).code()).as("%s", point).isZero();
  }
}
