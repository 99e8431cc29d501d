package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that a database and a file of the application's have in turn. Where libdb's recovery looks
 * for a database that was made or renamed, it ends with an error over a file that is none.
 */
final class NameTakenTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20_000})
  void libdbsOwnRecoveryEndsThere(int size) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      bank.writer("rename", "--db", "a.db", "--to", "b.db").good();
      Path copy = Files.createDirectory(directory.resolve("copy"));
      put(copy, "a.db", size);
      for (Path log : bank.logs()) {
        Files.copy(log, copy.resolve(log.getFileName()));
      }
      assertThat(Run.of("db5.3_recover", "-c", "-h", copy.toString()).err())
          .contains("Recovery function for LSN");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20_000})
  void byAFileThatADatabaseLeft(int size) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      Standby standby = snapshot(bank, directory);
      bank.writer("rename", "--db", "a.db", "--to", "b.db").good();
      put(bank.home(), "a.db", size);
      for (int i = 0; i < 3; i++) { // recovery reads the renaming again
        standby.sync(StandbyListener.NONE);
        assertThat(count(standby, "b.db")).contains(String.valueOf(100 + i));
        assertThat(standby.directory().resolve("a.db")).hasSize(size);
        assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage())
            .isEmpty();
        bank.writer("put", "--db", "b.db", "--key", "more" + i, "--value", "v").good();
      }
      standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
      assertThat(count(standby, "b.db")).contains("103");
      assertThat(standby.directory().resolve("a.db")).hasSize(size);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20_000})
  void byADatabaseThatIsRenamed(int size) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      put(bank.home(), "b.db", size);
      Standby standby = snapshot(bank, directory);
      Files.delete(bank.home().resolve("b.db"));
      bank.writer("rename", "--db", "a.db", "--to", "b.db").good();
      synced(standby, "b.db");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20_000})
  void byADatabaseThatIsMade(int size) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      put(bank.home(), "b.db", size);
      Standby standby = snapshot(bank, directory);
      Files.delete(bank.home().resolve("b.db"));
      bank.writer("create", "--db", "b.db").good();
      synced(standby, "b.db");
    }
  }

  @Test
  void inExchange() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      put(bank.home(), "b.db", 20_000);
      Standby standby = snapshot(bank, directory);
      Path kept = directory.resolve("kept");
      for (int i = 0; i < 2; i++) {
        String from = i % 2 == 0 ? "a.db" : "b.db";
        String to = i % 2 == 0 ? "b.db" : "a.db";
        Files.move(bank.home().resolve(to), kept); // with its time
        bank.writer("rename", "--db", from, "--to", to).good();
        Files.move(kept, bank.home().resolve(from));
        synced(standby, to);
        assertThat(standby.directory().resolve(from)).hasSize(20_000);
      }
    }
  }

  /** The copy of a database that was renamed gets the name that it had at the last checkpoint. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10, 20_000})
  void beforeTheSnapshot(int size) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      bank.writer("rename", "--db", "a.db", "--to", "b.db").good();
      put(bank.home(), "a.db", size);
      Standby standby = snapshot(bank, directory);
      assertThat(count(standby, "b.db")).contains("100");
      assertThat(standby.directory().resolve("a.db")).hasSize(size);
      synced(standby, "b.db");
    }
  }

  @Test
  void duringTheSnapshot() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "a.db").good();
      put(bank.home(), "d.db", 10);
      bank.writer("create", "--db", "c.db").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(
          bank.request(),
          SnapshotOptions.defaults(),
          new StandbyListener() {
            @Override
            public void ended(StepReport report) {
              if (report.step() == StepName.COPY_DATABASES) {
                try {
                  bank.writer("rename", "--db", "a.db", "--to", "b.db").good();
                  put(bank.home(), "a.db", 10);
                  Files.delete(bank.home().resolve("d.db"));
                  bank.writer("rename", "--db", "c.db", "--to", "d.db").good();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            }
          });
      assertThat(count(standby, "b.db")).contains("100");
      assertThat(count(standby, "d.db")).contains("100");
      synced(standby, "b.db");
      assertThat(standby.directory().resolve("a.db")).hasSize(10);
    }
  }

  private static Standby snapshot(Bank bank, Temporary directory) {
    Standby standby = Standby.at(directory.resolve("standby"));
    standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
    return standby;
  }

  private static void put(Path home, String name, int size) throws IOException {
    Files.write(home.resolve(name), new byte[size]);
  }

  private static void synced(Standby standby, String database) {
    for (int i = 0; i < 2; i++) {
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby, database)).contains("100");
      assertThat(standby.verify(VerifyOptions.defaults(), StandbyListener.NONE).damage()).isEmpty();
    }
  }

  private static String count(Standby standby, String database) {
    return Bank.writer(standby.directory(), "count", "--db", database).good().out();
  }
}
