package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Many small databases are made durable together, and what then goes wrong is no success. */
final class ManySmallFilesTest {
  private static final String MANY = "300";
  private static final String SYNC = "syncfs standby/image";

  private static Bank bank(Path directory) throws IOException {
    Bank bank = Bank.make(directory, "btree");
    bank.writer("many", "--many", MANY, "--records", "20").good();
    return bank;
  }

  private static Child.Ended snapshot(
      Bank bank, Path standby, Path trace, Optional<Point> point, Optional<Action> action)
      throws Exception {
    Map<String, String> variables = Struck.variables("standby=" + standby, trace, point, action);
    try (Child child =
        Cli.start(
            variables,
            bank.home(),
            "snapshot",
            "--home",
            bank.home(),
            "--standby",
            standby,
            "--json")) {
      return child.await();
    }
  }

  private static void assertWhole(Path standby) {
    Bank.writer(standby, "many-check", "--many", MANY, "--records", "20").good();
  }

  @Test
  void theFileSystemIsSyncedOnceBeforeTheLogIsLetIn() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = bank(directory.path());
      Path standby = directory.resolve("standby");
      Path file = directory.resolve("trace");
      Child.Ended ended = snapshot(bank, standby, file, Optional.empty(), Optional.empty());
      assertThat(ended.code()).as("%s", ended).isZero();
      List<String> done = Trace.read(file).operations();
      assertThat(done).containsOnlyOnce(SYNC);
      List<String> before = done.subList(0, done.indexOf(SYNC));
      List<String> after = done.subList(done.indexOf(SYNC), done.size());
      assertThat(before)
          .filteredOn("create standby/image/database"::equals)
          .hasSizeGreaterThanOrEqualTo(Integer.parseInt(MANY));
      assertThat(before).doesNotContain("rename standby/image/log");
      assertThat(after).doesNotContain("create standby/image/database");
      assertThat(Cli.json("failover", "--standby", standby, "--dry-run").code()).isZero();
      Cli.json("failover", "--standby", standby).good();
      assertWhole(standby);
    }
  }

  @Test
  void whatCouldNotBeWrittenIsNoStandby() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = bank(directory.path());
      Path standby = directory.resolve("standby");
      Path file = directory.resolve("trace");
      Optional<Point> point = Optional.of(new Point(SYNC, 1));
      Child.Ended first = snapshot(bank, standby, file, point, Optional.of(Action.IO_ERROR));
      assertThat(first.code()).as("%s", first).isEqualTo(1);
      assertThat(first.out()).contains("\"failed\"").contains("syncfs");
      assertThat(standby).doesNotExist();

      Cli.json("snapshot", "--home", bank.home(), "--standby", standby).good();
      Files.delete(file);
      Child.Ended second = snapshot(bank, standby, file, point, Optional.of(Action.IO_ERROR));
      assertThat(second.code()).as("%s", second).isEqualTo(1);
      Cli.json("verify", "--standby", standby).good();
      Cli.json("failover", "--standby", standby).good();
      assertWhole(standby);
    }
  }
}
