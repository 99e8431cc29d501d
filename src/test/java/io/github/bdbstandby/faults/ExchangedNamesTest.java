package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Databases change names among each other. A sync is killed when it has followed that, and the next
 * one at each renaming with which it gives them their former names back.
 */
final class ExchangedNamesTest {
  private static final List<String> NAMES = List.of("one.db", "sub/two.db", "three.db");
  private static final int ACCOUNTS = 100;

  @Test
  void killedAtEachRenamingNothingIsLost() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Path left = leftInMidway(directory);
      Files.createDirectory(directory.resolve("struck"));
      Path unharmed = copy(left, directory.resolve("unharmed"));
      Trace trace = sync(unharmed, directory.resolve("trace"), Optional.empty());
      assertHasAll(unharmed);
      long databases = databases(unharmed);
      List<Point> points = renamings(trace);
      assertThat(points)
          .anyMatch(point -> point.name().contains("incoming/"))
          .hasSizeGreaterThan(3);
      for (Point point : points) {
        Path struck = copy(left, directory.resolve("struck/standby"));
        assertThat(sync(struck, directory.resolve("trace"), Optional.of(point)).struck())
            .as("%s", point)
            .isTrue();
        Path promoted = copy(struck, directory.resolve("struck/promoted"));
        assertThat(databases(struck)).as("%s", point).isEqualTo(databases);
        Cli.json("sync", "--standby", struck).good();
        assertHasAll(struck);
        Cli.json("failover", "--standby", promoted).good();
        assertHasAll(promoted);
        Tree.delete(struck);
        Tree.delete(promoted);
      }
    }
  }

  /** Recovery has renamed them, and no manifest tells. */
  private static Path leftInMidway(Temporary directory) throws IOException {
    Bank bank = Bank.make(directory.path(), "btree");
    Files.createDirectory(bank.home().resolve("sub"));
    for (int i = 0; i < NAMES.size(); i++) {
      bank.writer("create", "--db", NAMES.get(i)).good();
      put(bank, NAMES.get(i), i);
    }
    bank.writer("run", "--commits", "1500").good();
    bank.writer("checkpoint").good();
    bank.writer("checkpoint").good();
    Standby standby = Standby.at(directory.resolve("standby"));
    standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
    // Else the log makes them all anew.
    assertThat(standby.directory().resolve("log.0000000001")).doesNotExist();
    rename(bank, NAMES.get(0), "other.db");
    for (int i = 1; i < NAMES.size(); i++) {
      rename(bank, NAMES.get(i), NAMES.get(i - 1));
    }
    rename(bank, "other.db", NAMES.get(NAMES.size() - 1));
    Path left = directory.resolve("left");
    standby.sync(
        new StandbyListener() {
          @Override
          public void ended(StepReport report) {
            if (report.step() == StepName.RECOVER) {
              try {
                Tree.copyAll(standby.directory(), left);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        });
    assertHasAll(standby.directory());
    return left;
  }

  /** So that each database has as many records as no other. */
  private static void put(Bank bank, String database, int records) {
    for (int i = 0; i < records; i++) {
      String key = "more" + i;
      bank.writer("put", "--db", database, "--key", key, "--value", "v").good();
    }
  }

  private static void rename(Bank bank, String from, String to) {
    bank.writer("rename", "--db", from, "--to", to).good();
  }

  private static void assertHasAll(Path home) {
    for (int i = 0; i < NAMES.size(); i++) {
      String records = String.valueOf(ACCOUNTS + (i + 1) % NAMES.size());
      assertThat(Bank.writer(home, "count", "--db", NAMES.get(i)).good().out())
          .as("%s of %s", NAMES.get(i), home)
          .contains(records);
    }
  }

  /** How many are found and judged good. */
  private static long databases(Path standby) throws IOException {
    return Cli.json("verify", "--standby", standby).good().path("databases").asLong();
  }

  private static Path copy(Path from, Path to) throws IOException {
    Tree.copyAll(from, to);
    return to;
  }

  /** Each occurrence of each renaming of a database, and of what is written down for it. */
  private static List<Point> renamings(Trace trace) {
    List<Point> points = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String operation : trace.operations()) {
      int occurrence = seen.merge(operation, 1, Integer::sum);
      boolean moves =
          operation.equals("rename standby/database")
              || operation.startsWith("rename standby/incoming/")
              || operation.startsWith("unlink standby/incoming/");
      if (moves) {
        points.add(new Point(operation, occurrence));
      }
    }
    return points;
  }

  private static Trace sync(Path standby, Path trace, Optional<Point> point) throws Exception {
    Files.deleteIfExists(trace);
    Map<String, String> variables =
        Struck.variables("standby=" + standby, trace, point, point.map(at -> Action.KILL_AFTER));
    try (Child child = Cli.start(variables, standby, "sync", "--standby", standby, "--json")) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isEqualTo(point.isPresent() ? 128 + 9 : 0);
    }
    return Trace.read(trace);
  }
}
