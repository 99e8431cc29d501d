package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Databases that were closed with {@code DB_NOSYNC} and renamed: what the source's cache has is in
 * no page, and its log has it under the old name.
 */
final class UnwrittenPagesTest {
  private static final String[] WORK = {"--threads", "1", "--rate", "50", "--checkpoint-ms", "0"};

  @Test
  void madeAndRenamedItHasAllRecords() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      try (Busy busy = bank.busy(WORK)) {
        bank.writer("create", "--db", "new.db", "--close-nosync").good();
        bank.writer("rename", "--db", "new.db", "--to", "final.db").good();
        Standby standby = snapshot(bank, directory);
        busy.stop();
        assertThat(count(standby, "final.db")).contains("100");
      }
    }
  }

  @Test
  void whatWasAddedSinceTheCheckpointIsThere() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      try (Busy busy = bank.busy(WORK)) {
        bank.writer("checkpoint").good();
        bank.writer("checkpoint").good();
        for (int i = 0; i < 13; i++) {
          add(bank, "old.db", i);
        }
        bank.writer("rename", "--db", "old.db", "--to", "other.db").good();
        bank.writer("rename", "--db", "other.db", "--to", "final.db").good();
        Standby standby = snapshot(bank, directory);
        assertThat(count(standby, "final.db")).contains("113");
        add(bank, "final.db", 13);
        standby.sync(StandbyListener.NONE);
        busy.stop();
        assertThat(count(standby, "final.db")).contains("114");
      }
    }
  }

  /** Each needs the name for itself. */
  @Test
  void madeUnderOneNameInTurnTheyHaveAllRecords() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      try (Busy busy = bank.busy(WORK)) {
        for (int i = 0; i < 3; i++) {
          bank.writer("create", "--db", "new.db", "--close-nosync").good();
          add(bank, "new.db", i);
          bank.writer("rename", "--db", "new.db", "--to", "final" + i + ".db").good();
        }
        bank.writer("create", "--db", "new.db", "--close-nosync").good();
        Standby standby = snapshot(bank, directory);
        busy.stop();
        for (int i = 0; i < 3; i++) {
          assertThat(count(standby, "final" + i + ".db")).contains("101");
        }
        assertThat(count(standby, "new.db")).contains("100");
        standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
        for (int i = 0; i < 3; i++) {
          assertThat(count(standby, "final" + i + ".db")).contains("101");
        }
      }
    }
  }

  /** Its copy is not in its place when the snapshot begins. */
  @Test
  void renamedAndBackItHasAllRecords() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "old.db").good();
      try (Busy busy = bank.busy(WORK)) {
        bank.writer("checkpoint").good();
        add(bank, "old.db", 0);
        bank.writer("rename", "--db", "old.db", "--to", "other.db").good();
        add(bank, "other.db", 1);
        bank.writer("rename", "--db", "other.db", "--to", "old.db").good();
        add(bank, "old.db", 2);
        Standby standby = snapshot(bank, directory);
        busy.stop();
        assertThat(count(standby, "old.db")).contains("103");
      }
    }
  }

  private static void add(Bank bank, String database, int number) {
    bank.writer("put", "--db", database, "--key", "more" + number, "--value", "v", "--close-nosync")
        .good();
  }

  private static Standby snapshot(Bank bank, Temporary directory) {
    Standby standby = Standby.at(directory.resolve("standby"));
    standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
    return standby;
  }

  private static String count(Standby standby, String database) {
    Run count = Bank.writer(standby.directory(), "count", "--db", database).good();
    return count.out();
  }
}
