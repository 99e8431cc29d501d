package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cycle that follows renamings is cut off, and what it has left is used. */
final class CutOffRenamingTest {
  private static final String NAME = "final.db";

  /** The log in which the database gets its name is in the standby by then, and waits nowhere. */
  @Test
  void whatWasLetInIsHeeded() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "32768");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("create", "--db", "new.db").good();
      fill(bank, 1);
      bank.writer("rename", "--db", "new.db", "--to", NAME).good();
      fill(bank, 2);
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      assertThat(count(standby)).contains("100");
      long databases = verify(standby).databases();
      for (Path left : cutOff.left()) {
        assertThat(waiting(left)).as("%s", left).hasSize(1);
        Standby synced = Standby.at(copy(left, "-synced"));
        synced.sync(StandbyListener.NONE);
        assertThat(count(synced)).as("%s", synced.directory()).contains("100");
        Standby verified = Standby.at(copy(left, "-verified"));
        assertThat(verify(verified).databases()).isEqualTo(databases);
        Standby promoted = Standby.at(copy(left, "-promoted"));
        promoted.failover(FailoverOptions.defaults(), StandbyListener.NONE);
        assertThat(count(promoted)).as("%s", promoted.directory()).contains("100");
        Standby recovered = Standby.at(copy(left, "-recovered"));
        for (int i = 0; i < 2; i++) {
          recover(recovered).good();
          assertThat(count(recovered)).as("%s", recovered.directory()).contains("100");
        }
        assertThat(verify(recovered).databases()).isEqualTo(databases);
        recovered.sync(StandbyListener.NONE);
        assertThat(count(recovered)).as("%s", recovered.directory()).contains("100");
      }
    }
  }

  /** No log has these any more, so that recovery can't make them anew. */
  @Test
  void verificationMissesWhatIsNotThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      for (String name : List.of("one.db", "two.db", "kept.db")) {
        bank.writer("create", "--db", name).good();
      }
      bank.writer("run", "--commits", "1500").good();
      bank.writer("checkpoint").good();
      bank.writer("checkpoint").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(standby.directory().resolve("log.0000000001")).doesNotExist();
      bank.writer("rename", "--db", "one.db", "--to", "third.db").good();
      bank.writer("rename", "--db", "two.db", "--to", "one.db").good();
      bank.writer("rename", "--db", "third.db", "--to", "two.db").good();
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      for (Path left : cutOff.left()) {
        Standby whole = Standby.at(left);
        assertThat(verify(whole).notes()).singleElement().asString().contains("cut off");
        assertThat(damageWithout(left, "kept.db")).contains("kept.db: is lost");
        String end = left.equals(cutOff.left().get(0)) ? "one.db" : "two.db";
        assertThat(damageWithout(left, "two.db")).contains(end + " is missing");
      }
    }
  }

  /** Recovery pauses where one name is free for the next; the copy's does, too. */
  @Test
  void verificationFollowsNamesThatWereUsedInTurn() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      for (int i = 0; i < 3; i++) {
        bank.writer("create", "--db", "new.db").good();
        bank.writer("rename", "--db", "new.db", "--to", "final" + i + ".db").good();
      }
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      long databases = verify(standby).databases();
      for (Path left : cutOff.left()) {
        assertThat(verify(Standby.at(left)).databases()).as("%s", left).isEqualTo(databases);
        recover(Standby.at(left)).good();
        for (int i = 0; i < 3; i++) {
          assertThat(count(left, "final" + i + ".db")).as("%s", left).contains("100");
        }
        Standby.at(left).sync(StandbyListener.NONE);
        assertThat(verify(Standby.at(left)).databases()).as("%s", left).isEqualTo(databases);
      }
    }
  }

  /** What can't be followed, now or by the next recovery of what was made, is not begun. */
  @Test
  void recoveryFollowsNamesThatChangedPlacesOnceOnly() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "one.db").good();
      bank.writer("create", "--db", "two.db").good();
      bank.writer("put", "--db", "two.db", "--key", "more", "--value", "v").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      exchange(bank);
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      List<Path> all = new ArrayList<>(cutOff.left());
      all.add(copy(standby.directory(), "-whole"));
      for (Path each : all) {
        recover(Standby.at(each)).good();
        assertThat(count(each, "one.db")).as("%s", each).contains("101");
        assertThat(count(each, "two.db")).as("%s", each).contains("100");
      }

      exchange(bank);
      Refusal.leaving(standby.directory())
          .snapshotNeeded(
              "sync",
              "unresolved-database",
              ".db: was made, renamed or removed",
              () -> Cli.json("sync", "--standby", standby.directory()));
    }
  }

  private static void exchange(Bank bank) throws IOException {
    bank.writer("rename", "--db", "one.db", "--to", "third.db").good();
    bank.writer("rename", "--db", "two.db", "--to", "one.db").good();
    bank.writer("rename", "--db", "third.db", "--to", "two.db").good();
  }

  /** The last checkpoint in log that was let in is of pages that the source has. */
  @Test
  void normalRecoveryIsNotForLogThatWasLetIn() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("create", "--db", NAME).good();
      bank.writer("put", "--db", NAME, "--key", "more", "--value", "v").good();
      bank.writer("run", "--commits", "500").good();
      bank.writer("checkpoint").good();
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      Path left = cutOff.left().get(0);
      Map<String, String> before = Tree.of(left);
      Outcome normal = Cli.json("recover", "--home", left, "--normal");
      assertThat(normal.code()).as("%s", normal).isEqualTo(3);
      assertThat(normal.json().path("reason").asText()).isEqualTo("locked");
      assertThat(Tree.of(left)).isEqualTo(before);
      recover(Standby.at(left)).good();
      assertThat(count(Standby.at(left))).contains("101");
    }
  }

  private static Outcome recover(Standby standby) throws IOException {
    return Cli.json("recover", "--home", standby.directory());
  }

  /** A drill is noted in the manifest, which says no more than it did of what was cut off. */
  @Test
  void aDrillLeavesTheRestAsItIs() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("rename", "--db", "old.db", "--to", "older.db").good();
      for (int i = 0; i < 3; i++) {
        bank.writer("create", "--db", "new.db").good();
        bank.writer("rename", "--db", "new.db", "--to", "final" + i + ".db").good();
      }
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      for (Path left : cutOff.left()) {
        Cli.json("verify", "--standby", left, "--drill").good();
        verify(Standby.at(left));
      }
    }
  }

  /** Killed as it wrote down what was to be done, before anything was. */
  @Test
  void aListThatWasBegunIsNoDatabase() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("run", "--commits", "5").good();
      CutOff cutOff = new CutOff(standby.directory(), directory.resolve("cut-off"));
      standby.sync(cutOff);
      Path left = cutOff.left().get(0);
      Path aside = left.resolve(".bdb-standby").resolve("incoming").resolve("aside");
      Files.createDirectories(aside);
      Files.createFile(DurableFiles.temporary(aside.resolve("places")));
      verify(Standby.at(left));
      Cli.json("failover", "--standby", left).good();
    }
  }

  private static String damageWithout(Path left, String database) throws IOException {
    Path copy = copy(left, "-without-" + database);
    Files.delete(copy.resolve(database));
    List<String> damage = Standby.at(copy).verify(Optional.empty(), StandbyListener.NONE).damage();
    assertThat(damage).as("%s", copy).hasSize(1);
    return damage.get(0);
  }

  /** What is left if the process is killed at one moment of recovery or another. */
  private static final class CutOff implements StandbyListener {
    private final Path standby;
    private final Path copies;

    CutOff(Path standby, Path copies) {
      this.standby = standby;
      this.copies = copies;
    }

    List<Path> left() {
      return List.of(copies.resolveSibling("cut-off-begun"), copies.resolveSibling("cut-off-done"));
    }

    @Override
    public void began(StepName step, long bytes) {
      if (step == StepName.RECOVER) {
        keep(left().get(0));
      }
    }

    @Override
    public void ended(StepReport report) {
      if (report.step() == StepName.RECOVER) {
        keep(left().get(1));
      }
    }

    private void keep(Path copy) {
      try {
        Tree.copyAll(standby, copy);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<Path> waiting(Path standby) throws IOException {
    try (var files = Files.list(standby.resolve(".bdb-standby").resolve("incoming"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("log.")).toList();
    }
  }

  private static Path copy(Path left, String suffix) throws IOException {
    Path copy = left.resolveSibling(left.getFileName() + suffix);
    Tree.copyAll(left, copy);
    return copy;
  }

  private static void fill(Bank bank, int files) throws IOException {
    int before = bank.logs().size();
    while (bank.logs().size() < before + files) {
      String acknowledged = bank.acknowledged().toString();
      bank.writer("run", "--commits", "50", "--write-nosync", "--ack", acknowledged).good();
    }
  }

  private static VerificationReport verify(Standby standby) {
    VerificationReport report = standby.verify(Optional.empty(), StandbyListener.NONE);
    assertThat(report.damage()).isEmpty();
    return report;
  }

  private static String count(Standby standby) {
    return count(standby.directory(), NAME);
  }

  private static String count(Path home, String database) {
    Run count = Bank.writer(home, "count", "--db", database).good();
    return count.out();
  }
}
