package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** libdb's own recovery of the source has lost a database, of which all was committed. */
final class LostAtSourceTest {
  @Test
  void aSnapshotIsTakenWithoutItAndTellsSo() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = withALostDatabase(directory);
      Standby standby = Standby.at(directory.resolve("standby"));
      CycleReport report =
          standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(report.notes()).anyMatch(note -> note.startsWith("final.db: "));
      assertHasTheSame(standby.directory());
      assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage()).isEmpty();
    }
  }

  @Test
  void theStandbyFollowsOtherNames() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = withALostDatabase(directory);
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      for (int i = 0; i < 2; i++) {
        bank.writer("create", "--db", "more" + i + ".db").good();
        bank.writer("rename", "--db", "more" + i + ".db", "--to", "moved" + i + ".db").good();
        standby.sync(StandbyListener.NONE);
        assertHasTheSame(standby.directory());
      }
      assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage()).isEmpty();
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      assertHasTheSame(standby.directory());
      for (String name : new String[] {"kept.db", "moved0.db", "moved1.db"}) {
        assertThat(count(standby.directory(), name)).contains("100");
      }
    }
  }

  @Test
  void madeAnewUnderItsNameItIsThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = withALostDatabase(directory);
      bank.writer("create", "--db", "final.db").good();
      bank.writer("put", "--db", "final.db", "--key", "more", "--value", "v").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(count(standby.directory(), "final.db")).contains("101");
      bank.writer("put", "--db", "final.db", "--key", "yet more", "--value", "v").good();
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby.directory(), "final.db")).contains("102");
    }
  }

  private static Bank withALostDatabase(Temporary directory) throws IOException {
    Bank bank = Bank.make(directory.path(), "btree");
    bank.writer("create", "--db", "kept.db").good();
    bank.writer("create", "--db", "final.db").good();
    bank.writer("rename", "--db", "final.db", "--to", "new.db").good();
    bank.writer("rename", "--db", "new.db", "--to", "final.db").good();
    Run.of("db5.3_recover", "-h", bank.home().toString()).good();
    assertThat(bank.home().resolve("final.db")).doesNotExist();
    return bank;
  }

  private static void assertHasTheSame(Path standby) {
    assertThat(count(standby, "kept.db")).contains("100");
    assertThat(standby.resolve("final.db")).doesNotExist();
    assertThat(standby.resolve("new.db")).doesNotExist();
  }

  private static String count(Path home, String database) {
    return Bank.writer(home, "count", "--db", database).good().out();
  }
}
