package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.procedure.Layout;
import java.io.IOException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that are made, renamed and removed outside of a transaction: that is in no log. */
final class UnloggedNamesTest {
  private static final SnapshotOptions CHECKPOINTED =
      SnapshotOptions.builder().checkpoint(true).build();

  @ParameterizedTest
  @CsvSource({"btree, MIRROR", "data-dirs-config, MIRROR", "data-dirs-config, FLAT"})
  void oneThatWasRenamedAsksForASnapshot(String kind, Layout layout) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), kind);
      bank.writer("create", "--db", "a.db").good();
      turnLog(bank);
      SnapshotOptions options = SnapshotOptions.builder().layout(layout).build();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), options, StandbyListener.NONE);
      bank.writer("rename", "--db", "a.db", "--to", "c.db", "--outside").good();
      put(bank, "c.db", "x");
      assertNotFollowed(standby, "c.db");
      standby.snapshot(bank.request(), options, StandbyListener.NONE);
      put(bank, "c.db", "y");
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby, "c.db")).contains("\"count\":102");
      assertThat(standby.directory().resolve("a.db")).doesNotExist();
    }
  }

  @Test
  void oneThatWasRenamedIsNoticedBeforeItIsUsedAgain() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("rename", "--db", "a.db", "--to", "c.db", "--outside").good();
      assertNotFollowed(() -> standby.sync(StandbyListener.NONE), "c.db");
    }
  }

  @Test
  void thoseThatExchangedNamesAskForASnapshot() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      bank.writer("create", "--db", "b.db").good();
      put(bank, "b.db", "x");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("rename", "--db", "a.db", "--to", "t.db", "--outside").good();
      bank.writer("rename", "--db", "b.db", "--to", "a.db", "--outside").good();
      bank.writer("rename", "--db", "t.db", "--to", "b.db", "--outside").good();
      put(bank, "a.db", "y");
      assertNotFollowed(standby, "a.db");
    }
  }

  @Test
  void oneThatWasRemovedAndMadeAnewAsksForASnapshot() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      put(bank, "a.db", "x");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("remove", "--db", "a.db", "--outside").good();
      bank.writer("create", "--db", "a.db").good();
      assertNotFollowed(standby, "a.db");
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      put(bank, "a.db", "y");
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby, "a.db")).contains("\"count\":101");
    }
  }

  @Test
  void oneThatWasMadeSoIsToldAndOnceUsedAsksForASnapshot() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      Standby second = Standby.at(directory.resolve("second"));
      second.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      bank.writer("create", "--db", "n.db", "--outside").good();
      bank.writer("checkpoint").good();
      standby.sync(StandbyListener.NONE); // its application keeps it out of the log so far
      bank.writer("checkpoint").good();
      Promotion promotion = standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      assertThat(promotion.cycle().notes())
          .anySatisfy(note -> assertThat(note).startsWith("n.db: "));
      put(bank, "n.db", "x");
      assertNotFollowed(second, "n.db");
    }
  }

  /** Recovery would make the file anew under its old name, and write to either. */
  @Test
  void aSnapshotWaitsUntilItsMakingIsNoLongerReadAgain() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "1048576");
      bank.writer("create", "--db", "a.db").good();
      bank.writer("rename", "--db", "a.db", "--to", "c.db", "--outside").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      assertUnfollowedCopy(
          () -> standby.snapshot(bank.request(), CHECKPOINTED, StandbyListener.NONE), "c.db");
      turnLog(bank);
      standby.snapshot(bank.request(), CHECKPOINTED, StandbyListener.NONE);
      put(bank, "c.db", "x");
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby, "c.db")).contains("\"count\":101");
      assertThat(standby.directory().resolve("a.db")).doesNotExist();
    }
  }

  /** What is in the source's cache only was logged under the old name. */
  @Test
  void aSnapshotWaitsUntilItsPagesAreWritten() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      turnLog(bank);
      bank.writer("put", "--db", "a.db", "--key", "x", "--value", "v", "--close-nosync").good();
      bank.writer("rename", "--db", "a.db", "--to", "c.db", "--outside").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      assertUnfollowedCopy(
          () -> standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE),
          "c.db");
      standby.snapshot(bank.request(), CHECKPOINTED, StandbyListener.NONE);
      assertThat(count(standby, "c.db")).contains("\"count\":101");
    }
  }

  private static void assertNotFollowed(Standby standby, String name) {
    assertNotFollowed(() -> standby.planSync(SyncOptions.defaults()), name);
    assertNotFollowed(() -> standby.sync(StandbyListener.NONE), name);
    assertNotFollowed(() -> standby.planFailover(FailoverOptions.defaults()), name);
    assertNotFollowed(
        () -> standby.failover(FailoverOptions.defaults(), StandbyListener.NONE), name);
  }

  private static void assertNotFollowed(ThrowingCallable command, String name) {
    assertThatThrownBy(command)
        .isInstanceOf(SnapshotNeededException.class)
        .hasMessageContaining(name)
        .extracting(e -> ((SnapshotNeededException) e).reason())
        .isEqualTo(Reason.UNRESOLVED_DATABASE);
  }

  private static void assertUnfollowedCopy(ThrowingCallable snapshot, String name) {
    assertThatThrownBy(snapshot)
        .isInstanceOf(CycleFailedException.class)
        .hasMessageContaining(name)
        .extracting(e -> ((StandbyException) e).reason())
        .isEqualTo(Reason.UNRESOLVED_DATABASE);
  }

  /** Whatever was logged before is not needed any more. */
  private static void turnLog(Bank bank) {
    bank.writer("run", "--threads", "1", "--commits", "6000").good();
    bank.writer("checkpoint").good();
    bank.writer("checkpoint").good();
  }

  private static void put(Bank bank, String database, String key) {
    bank.writer("put", "--db", database, "--key", key, "--value", "v").good();
  }

  private static String count(Standby standby, String database) {
    return Bank.writer(standby.directory(), "count", "--db", database).good().out();
  }
}
