package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Databases that are made under one name and get another before the standby has seen them. */
final class RenamedDatabaseTest {
  @Test
  void oneRecoveryByLibdbLosesWhatWasMadeAndRenamed() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "new.db").good();
      bank.writer("rename", "--db", "new.db", "--to", "final.db").good();
      Path copy = Files.createDirectory(directory.resolve("copy"));
      for (Path log : bank.logs()) {
        Files.copy(log, copy.resolve(log.getFileName()));
      }
      Run.of("db5.3_recover", "-c", "-h", copy.toString()).good();
      assertThat(copy.resolve("accounts-btree-0.db")).exists();
      assertThat(copy.resolve("new.db")).doesNotExist();
      assertThat(copy.resolve("final.db")).doesNotExist();
    }
  }

  @Test
  void aSyncBringsThem() throws IOException {
    followed(false);
  }

  @Test
  void aFailoverBringsThem() throws IOException {
    followed(true);
  }

  @Test
  void renamedTwiceBetweenTwoSyncsItIsThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("rename", "--db", "old.db", "--to", "newer.db").good();
      bank.writer("rename", "--db", "newer.db", "--to", "newest.db").good();
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby.directory(), "newest.db")).contains("100");
    }
  }

  /** Recovery does not mind that there is nothing to rename. */
  @Test
  void verificationMissesWhatTheLogNames() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      bank.writer("run", "--commits", "1500").good();
      bank.writer("checkpoint").good();
      bank.writer("checkpoint").good();
      StandbyDirectory place = new StandbyDirectory(directory.resolve("standby"));
      Standby standby = Standby.at(place.home());
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(place.home().resolve("log.0000000001")).doesNotExist();
      bank.writer("rename", "--db", "old.db", "--to", "newer.db").good();
      standby.sync(StandbyListener.NONE);
      assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage()).isEmpty();
      Files.delete(place.home().resolve("newer.db"));
      Manifest manifest = ManifestFile.ofStandby(place);
      Map<String, Manifest.FileAtRest> files = new TreeMap<>(manifest.files());
      files.remove("newer.db"); // so that no list tells
      ManifestFile.write(place.manifest(), manifest.with(files));
      assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage())
          .singleElement()
          .asString()
          .contains("newer.db is missing");
    }
  }

  /** libdb itself loses it, when the source recovers from a crash. */
  @Test
  void renamedAndBackItIsThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("rename", "--db", "old.db", "--to", "other.db").good();
      bank.writer("rename", "--db", "other.db", "--to", "old.db").good();
      standby.sync(StandbyListener.NONE);
      // Recovery reads the two renamings again, and would take the first for not done.
      bank.writer("put", "--db", "old.db", "--key", "more", "--value", "v").good();
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby.directory(), "old.db")).contains("101");
    }
  }

  /** libdb logs names as they are given. */
  @Test
  void namesWithMoreSlashesAndDotsAreFollowed() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Files.createDirectory(bank.home().resolve("sub"));
      bank.writer("create", "--db", "old.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("create", "--db", "./made.db").good();
      bank.writer("create", "--db", "sub//made.db").good();
      bank.writer("create", "--db", "sub/../new.db").good();
      bank.writer("rename", "--db", "./old.db", "--to", "sub/./old.db").good();
      bank.writer("rename", "--db", "new.db", "--to", "sub//final.db").good();
      for (int i = 0; i < 2; i++) {
        standby.sync(StandbyListener.NONE);
        for (String name : List.of("made.db", "sub/made.db", "sub/old.db", "sub/final.db")) {
          assertThat(count(standby.directory(), name)).contains("100");
        }
      }
      Standby other = Standby.at(directory.resolve("other"));
      other.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(count(other.directory(), "sub/final.db")).contains("100");
    }
  }

  /** There is no such data directory in a flat standby, so that libdb takes the home for it. */
  @Test
  void inADataDirectoryOfTheSourceOfAFlatStandbyItStaysInTheHome() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--config", "add_data_dir data1");
      bank.writer("create", "--db", "old.db").good();
      bank.writer("rename", "--db", "old.db", "--to", "older.db").good();
      assertThat(bank.home().resolve("data1/older.db")).exists();
      SnapshotOptions flat = SnapshotOptions.builder().layout(Layout.FLAT).build();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), flat, StandbyListener.NONE);
      assertThat(count(standby.directory(), "older.db")).contains("100");
      bank.writer("rename", "--db", "older.db", "--to", "oldest.db").good();
      standby.sync(StandbyListener.NONE);
      assertThat(standby.directory().resolve("oldest.db")).exists();
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      assertThat(count(standby.directory(), "oldest.db")).contains("100");
      assertThat(standby.directory().resolve("data1")).doesNotExist();
    }
  }

  /** What libdb makes itself begins with a transaction's id, and these do not. */
  @Test
  void aShortNameIsNoPassingOne() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("rename", "--db", "a.db", "--to", "beef.db").good();
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby.directory(), "beef.db")).contains("100");
    }
  }

  /** In hexadecimal digits, as libdb's passing names are but for what they begin with. */
  @Test
  void aNameInHexadecimalIsNoPassingOne() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "cafebabe.db").good();
      bank.writer("create", "--db", "old.db").good();
      Files.createFile(bank.home().resolve("deadbeef.bad"));
      Standby standby = snapshot(bank, directory);
      assertThat(standby.directory().resolve("deadbeef.bad")).exists();
      bank.writer("rename", "--db", "cafebabe.db", "--to", "orders.db").good();
      bank.writer("rename", "--db", "old.db", "--to", "a1b2c3d4.db").good();
      bank.writer("create", "--db", "cafebabe.db").good();
      bank.writer("rename", "--db", "cafebabe.db", "--to", "made.db").good();
      standby.sync(StandbyListener.NONE);
      for (String name : new String[] {"orders.db", "a1b2c3d4.db", "made.db"}) {
        assertThat(count(standby.directory(), name)).contains("100");
      }
    }
  }

  /** With a number after the dot it is libdb's own only by the transaction that it names. */
  @Test
  void aNameInTwoNumbersIsNoPassingOneEither() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Files.createDirectory(bank.home().resolve("sub"));
      bank.writer("create", "--db", "cafebabe.1").good();
      bank.writer("create", "--db", "old.db").good();
      bank.writer("create", "--db", "sub/old.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("rename", "--db", "cafebabe.1", "--to", "orders.db").good();
      bank.writer("rename", "--db", "sub/old.db", "--to", "sub/cafebabe.2").good();
      bank.writer("rename", "--db", "old.db", "--to", "80000001.1").good();
      bank.writer("create", "--db", "sub/cafebabe.3").good();
      bank.writer("rename", "--db", "sub/cafebabe.3", "--to", "sub/made.db").good();
      List<String> names = List.of("orders.db", "sub/cafebabe.2", "80000001.1", "sub/made.db");
      for (int i = 0; i < 2; i++) {
        standby.sync(StandbyListener.NONE);
        for (String name : names) {
          assertThat(count(standby.directory(), name)).contains("100");
        }
      }
      bank.writer("rename", "--db", "sub/cafebabe.2", "--to", "sub/last.db").good();
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      assertThat(count(standby.directory(), "sub/last.db")).contains("100");
    }
  }

  /** Such a one could be libdb's own: then nothing tells that the log has it all. */
  @Test
  void whatTheLogDoesNotMakeIsNeverDeleted() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Files.createDirectory(bank.home().resolve("sub"));
      bank.writer("create", "--db", "sub/80000001.1").good();
      bank.writer("create", "--db", "old.db").good();
      Standby standby = snapshot(bank, directory);
      String held = Tree.of(standby.directory()).get("sub/80000001.1");
      bank.writer("rename", "--db", "sub/80000001.1", "--to", "sub/orders.db").good();
      bank.writer("rename", "--db", "old.db", "--to", "new.db").good();
      try {
        standby.sync(StandbyListener.NONE);
      } catch (SnapshotNeededException | CycleFailedException e) {
        assertThat(e).hasMessageContaining("renam");
      }
      assertThat(Tree.of(standby.directory())).containsValue(held);
    }
  }

  /** The names of two databases change places. */
  @Test
  void exchangedTheyAreThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "131072");
      bank.writer("create", "--db", "one.db").good();
      bank.writer("create", "--db", "two.db").good();
      bank.writer("put", "--db", "two.db", "--key", "more", "--value", "v").good();
      Standby standby = snapshot(bank, directory);
      exchange(bank);
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby.directory(), "one.db")).contains("101");
      assertThat(count(standby.directory(), "two.db")).contains("100");
      exchange(bank);
      // The next recovery reads both again: where they lie then they lay before the first, too.
      Map<String, String> before = Tree.of(standby.directory());
      assertThatThrownBy(() -> standby.sync(StandbyListener.NONE))
          .isInstanceOf(SnapshotNeededException.class)
          .hasMessageContaining(".db: was made, renamed or removed");
      assertThat(Tree.of(standby.directory())).containsAllEntriesOf(before);
      // So would that of a copy, until no recovery of it begins with that log file.
      assertThatThrownBy(() -> snapshot(bank, directory))
          .isInstanceOf(CycleFailedException.class)
          .hasMessageContaining(".db: was made, renamed or removed");
      bank.writer("run", "--commits", "600").good();
      bank.writer("checkpoint").good();
      snapshot(bank, directory);
      assertThat(count(standby.directory(), "one.db")).contains("100");
      assertThat(count(standby.directory(), "two.db")).contains("101");
    }
  }

  private static void exchange(Bank bank) {
    bank.writer("rename", "--db", "one.db", "--to", "third.db").good();
    bank.writer("rename", "--db", "two.db", "--to", "one.db").good();
    bank.writer("rename", "--db", "third.db", "--to", "two.db").good();
  }

  private static Standby snapshot(Bank bank, Temporary directory) {
    Standby standby = Standby.at(directory.resolve("standby"));
    standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
    return standby;
  }

  private static String count(Path home, String database) {
    return Bank.writer(home, "count", "--db", database).good().out();
  }

  private static void followed(boolean failover) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      try (Busy busy = bank.busy("--threads", "1", "--rate", "100", "--checkpoint-ms", "200")) {
        Standby standby = snapshot(bank, directory);
        for (int i = 0; i < 3; i++) {
          String name = "final" + i + ".db";
          bank.writer("create", "--db", "new.db").good();
          bank.writer("rename", "--db", "new.db", "--to", name).good();
        }
        if (failover) {
          busy.stop();
          assertThat(
                  standby
                      .failover(FailoverOptions.defaults(), StandbyListener.NONE)
                      .cycle()
                      .notes())
              .isEmpty();
        } else {
          standby.sync(StandbyListener.NONE);
          standby.sync(StandbyListener.NONE);
          busy.stop();
        }
        for (int i = 0; i < 3; i++) {
          assertThat(count(standby.directory(), "final" + i + ".db")).contains("100");
        }
        assertThat(standby.directory().resolve("new.db")).doesNotExist();
      }
    }
  }

  @Test
  void whatIsRenamedOrMadeBetweenListingAndCopyingIsThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      try (Busy busy = bank.busy("--threads", "1", "--rate", "100", "--checkpoint-ms", "200")) {
        Standby standby = Standby.at(directory.resolve("standby"));
        standby.snapshot(
            bank.request(),
            SnapshotOptions.defaults(),
            new StandbyListener() {
              @Override
              public void began(StepName step, long bytes) {
                if (step == StepName.COPY_DATABASES) {
                  bank.writer("rename", "--db", "old.db", "--to", "moved.db").good();
                  bank.writer("create", "--db", "made.db").good();
                }
              }

              @Override
              public void ended(StepReport report) {
                if (report.step() == StepName.COPY_DATABASES) {
                  bank.writer("rename", "--db", "made.db", "--to", "made-and-moved.db").good();
                }
              }
            });
        busy.stop();
        for (String name : new String[] {"moved.db", "made-and-moved.db"}) {
          assertThat(count(standby.directory(), name)).contains("100");
        }
        assertThat(standby.directory().resolve("old.db")).doesNotExist();
        assertThat(standby.directory().resolve("made.db")).doesNotExist();
        assertThat(bank.checkCopy(standby.directory(), 0)).isPositive();
      }
    }
  }
}
