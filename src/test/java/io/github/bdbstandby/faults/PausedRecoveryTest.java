package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Three databases are made under one name, and each gets another: recovery pauses for that. A sync
 * is killed there, and what it had come to is where the next one, or a failover, goes on.
 */
final class PausedRecoveryTest {
  private static final int DATABASES = 3;

  @Test
  void killedBetweenTwoPausesNothingIsLost() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "32768");
      Path standby = directory.resolve("standby");
      Cli.json("snapshot", "--home", bank.home(), "--standby", standby).good();
      madeAndRenamed(bank);
      Path trace = directory.resolve("trace");
      Path unharmed = copy(standby, directory.resolve("unharmed"));
      assertThat(sync(unharmed, Map.of("BDB_FAULTS_TRACE", trace.toString())).code()).isZero();
      JsonNode reached = position(unharmed);
      List<Point> points = aroundThePauses(Trace.read(trace));
      for (Point point : points) {
        Path killed = copy(standby, directory.resolve("killed"));
        Map<String, String> fault =
            Map.of("BDB_FAULTS_AT", point.at(), "BDB_FAULTS_ACTION", "kill-before");
        assertThat(sync(killed, fault).code()).as("%s", point).isEqualTo(128 + 9);
        Path promoted = copy(killed, directory.resolve("promoted"));
        Path alone = copy(killed, directory.resolve("alone"));

        Cli.json("sync", "--standby", killed).good();
        assertThat(position(killed)).as("%s", point).isEqualTo(reached);
        assertHasAll(killed, point);

        JsonNode promotion = Cli.json("failover", "--standby", promoted).good();
        assertThat(promotion.path("recoveredTo")).as("%s", point).isEqualTo(reached);
        assertHasAll(promoted, point);

        Path gone = bank.home().resolveSibling("gone");
        Files.move(bank.home(), gone);
        Outcome without = Cli.json("failover", "--standby", alone);
        Files.move(gone, bank.home());
        assertThat(without.good().path("recoveredTo")).as("%s", point).isEqualTo(reached);
        assertHasAll(alone, point);
        for (Path each : List.of(killed, promoted, alone)) {
          Tree.delete(each);
        }
      }
    }
  }

  private static void madeAndRenamed(Bank bank) throws IOException {
    for (int i = 0; i < DATABASES; i++) {
      bank.writer("create", "--db", "new.db").good();
      fillALogFile(bank);
      bank.writer("rename", "--db", "new.db", "--to", "final" + i + ".db").good();
      bank.writer("put", "--db", "final" + i + ".db", "--key", "more", "--value", "v").good();
      fillALogFile(bank);
    }
  }

  private static void fillALogFile(Bank bank) throws IOException {
    int before = bank.logs().size();
    while (bank.logs().size() == before) {
      bank.writer("run", "--commits", "50", "--write-nosync").good();
    }
  }

  private static void assertHasAll(Path home, Point point) {
    for (int i = 0; i < DATABASES; i++) {
      Run count = Bank.writer(home, "count", "--db", "final" + i + ".db");
      assertThat(count.good().out()).as("%s: %s", point, count).contains("101");
    }
  }

  private static JsonNode position(Path standby) throws IOException {
    return Cli.json("status", "--standby", standby).good().path("recoveredTo");
  }

  /** The first mark at a name; what comes before and after each pause is noted; the manifest. */
  private static List<Point> aroundThePauses(Trace trace) {
    Map<String, Integer> seen = new HashMap<>();
    List<Point> all = new ArrayList<>();
    for (String operation : trace.operations()) {
      all.add(new Point(operation, seen.merge(operation, 1, Integer::sum)));
    }
    List<Point> notes = named(all, "rename standby/unfinished");
    assertThat(notes).as("of the beginning, and of each pause").hasSizeGreaterThan(2);
    List<Point> points = new ArrayList<>(named(all, "write standby/new-database").subList(0, 1));
    for (Point note : notes.subList(1, notes.size())) {
      points.add(note);
      List<Point> later = all.subList(all.indexOf(note), all.size());
      points.addAll(named(later, "rename standby/log").subList(0, 2));
    }
    points.addAll(named(all, "rename standby/manifest.json"));
    return points;
  }

  private static List<Point> named(List<Point> points, String name) {
    return points.stream().filter(point -> point.name().equals(name)).toList();
  }

  private static Path copy(Path from, Path to) throws IOException {
    Tree.copyAll(from, to);
    return to;
  }

  private static Child.Ended sync(Path standby, Map<String, String> faults) throws Exception {
    Map<String, String> variables = new HashMap<>(faults);
    variables.put("LD_PRELOAD", System.getProperty("bdbstandby.faults.library"));
    variables.put("BDB_FAULTS_WATCH", "standby=" + standby);
    try (Child child =
        Cli.start(variables, standby.getParent(), "sync", "--standby", standby, "--json")) {
      return child.await();
    }
  }
}
