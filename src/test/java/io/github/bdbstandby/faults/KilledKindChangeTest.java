package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A directory has become a file, another a database, and a file a directory. A snapshot's switch,
 * or a sync, is killed at each step with which it follows.
 */
final class KilledKindChangeTest {
  private static final Set<String> STEPS = Set.of("mkdir", "rmdir", "unlink", "rename");

  /** Of these there are more in every switch, and other tests. */
  private static final Pattern COMMON = Pattern.compile(".*/(database|log|page-slot|.*\\.conf)");

  private static Path source(Bank bank, Path standby) throws IOException {
    Path home = bank.home();
    Files.createDirectories(home.resolve("x/deep"));
    Files.writeString(home.resolve("x/deep/one"), "1");
    Files.createDirectory(home.resolve("y"));
    Files.writeString(home.resolve("y/two"), "2");
    Files.writeString(home.resolve("z"), "a file");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Tree.delete(home.resolve("x"));
    Files.writeString(home.resolve("x"), "a file");
    Tree.delete(home.resolve("y"));
    bank.writer("create", "--db", "y").good();
    Files.delete(home.resolve("z"));
    Files.createDirectory(home.resolve("z"));
    Files.writeString(home.resolve("z/three"), "3");
    return home;
  }

  private static void assertFollowed(Path standby, Point point) {
    assertThat(standby.resolve("x")).as("%s", point).hasContent("a file");
    assertThat(Bank.writer(standby, "count", "--db", "y").good().out()).contains("100");
    assertThat(standby.resolve("z/three")).as("%s", point).hasContent("3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync"})
  void killedTheNextCommandEndsIt(String command) throws Exception {
    killedAtEach(4, command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync"})
  @Tag("soak")
  void killedAtEachStepTheNextCommandEndsIt(String command) throws Exception {
    killedAtEach(1, command);
  }

  private static void killedAtEach(int every, String command) throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Path before = directory.resolve("before");
      Path home = source(bank, before);
      Path work = Files.createDirectory(directory.resolve("work"));
      Path unharmed = KilledCommand.copy(before, work.resolve("unharmed"));
      Trace trace =
          KilledCommand.run(command, home, unharmed, directory.resolve("trace"), Optional.empty());
      assertFollowed(unharmed, null);
      List<Point> points = steps(command, trace);
      assertThat(points).hasSizeGreaterThan(8);
      for (int i = 0; i < points.size(); i += every) {
        Point point = points.get(i);
        Path struck = KilledCommand.copy(before, work.resolve("struck"));
        KilledCommand.run(command, home, struck, directory.resolve("trace"), Optional.of(point));
        Path promoted = KilledCommand.copy(struck, work.resolve("promoted"));
        Path again = KilledCommand.copy(struck, work.resolve("again"));

        Outcome next = Cli.json("sync", "--standby", struck);
        assertThat(next.code()).as("%s: %s", point, next).isZero();
        assertFollowed(struck, point);
        Outcome snapshot = Cli.json("snapshot", "--home", home, "--standby", again);
        assertThat(snapshot.code()).as("%s: %s", point, snapshot).isZero();
        assertFollowed(again, point);
        Outcome failover = Cli.json("failover", "--standby", promoted);
        assertThat(failover.code()).as("%s: %s", point, failover).isZero();
        assertThat(Bank.writer(promoted, "count", "--db", "y").good().out()).contains("100");
        for (Path each : List.of(struck, promoted, again)) {
          Tree.delete(each);
        }
      }
    }
  }

  /** What is done to names in the standby, from when it is changed on. */
  private static List<Point> steps(String command, Trace trace) {
    String begin = command.equals("snapshot") ? "journal.json" : "unfinished";
    return KilledCommand.steps(trace, begin, "manifest.json").stream()
        .filter(point -> STEPS.contains(point.operation()))
        .filter(point -> !COMMON.matcher(point.name()).matches())
        .toList();
  }
}
