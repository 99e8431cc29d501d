package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.procedure.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that came to the source without its log, and are used by its application since. */
final class UnloggedFilesTest {
  @ParameterizedTest
  @CsvSource({"btree, MIRROR, new.db", "data-dirs-config, FLAT, data1/new.db"})
  void oneThatWasLoadedComesWithASnapshot(String kind, Layout layout, String place)
      throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), kind);
      SnapshotOptions options = SnapshotOptions.builder().layout(layout).build();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), options, StandbyListener.NONE);
      load(bank.home().resolve(place));
      standby.sync(StandbyListener.NONE); // nobody has used it
      put(bank, "new.db", "a");
      assertSnapshotNeeded(standby, "new.db");
      standby.snapshot(bank.request(), options, StandbyListener.NONE);
      assertThat(count(standby, "new.db")).contains("\"count\":2");
      put(bank, "new.db", "b");
      standby.sync(StandbyListener.NONE);
      assertThat(count(standby, "new.db")).contains("\"count\":3");
    }
  }

  @Test
  void itIsNoticedUnderAnotherNameToo() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      load(bank.home().resolve("new.db"));
      put(bank, "new.db", "a");
      bank.writer("rename", "--db", "new.db", "--to", "final.db").good();
      assertSnapshotNeeded(standby, "new.db");
    }
  }

  @Test
  void onePutInAnothersPlaceIsNoticed() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "new.db").good();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      Files.delete(bank.home().resolve("new.db"));
      bank.writer("remove-environment", "--force").good();
      load(bank.home().resolve("new.db"));
      put(bank, "new.db", "a");
      assertSnapshotNeeded(standby, "new.db");
    }
  }

  @Test
  void oneThatIsGoneAgainIsInNobodysWay() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      load(bank.home().resolve("new.db"));
      put(bank, "new.db", "a");
      bank.writer("remove", "--db", "new.db").good();
      standby.sync(StandbyListener.NONE);
      assertThat(standby.directory().resolve("new.db")).doesNotExist();
    }
  }

  @Test
  void aFailoverDoesNotLoseItInSilence() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      load(bank.home().resolve("new.db"));
      put(bank, "new.db", "a");
      assertThatThrownBy(() -> standby.planFailover(FailoverOptions.defaults()))
          .satisfies(e -> assertUnresolved(e, "new.db"));
      assertThatThrownBy(() -> standby.failover(FailoverOptions.defaults(), StandbyListener.NONE))
          .satisfies(e -> assertUnresolved(e, "new.db"))
          .extracting(e -> ((SnapshotNeededException) e).hint())
          .asString()
          .contains("--accept-loss");
      FailoverOptions accepting = FailoverOptions.builder().acceptLoss(true).build();
      assertThat(standby.planFailover(accepting))
          .anySatisfy(step -> assertThat(step.action()).contains("given up: new.db"));
      assertThat(standby.failover(accepting, StandbyListener.NONE).losses())
          .singleElement()
          .extracting(Loss::message)
          .asString()
          .contains("new.db");
    }
  }

  private static void assertUnresolved(Throwable thrown, String name) {
    assertThat(thrown).isInstanceOf(SnapshotNeededException.class).hasMessageContaining(name);
    assertThat(((SnapshotNeededException) thrown).reason()).isEqualTo(Reason.UNRESOLVED_DATABASE);
  }

  private static void assertSnapshotNeeded(Standby standby, String name) {
    assertThatThrownBy(() -> standby.planSync(SyncOptions.defaults()))
        .isInstanceOf(SnapshotNeededException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(() -> standby.sync(StandbyListener.NONE))
        .isInstanceOf(SnapshotNeededException.class)
        .hasMessageContaining(name)
        .extracting(e -> ((SnapshotNeededException) e).reason())
        .isEqualTo(Reason.UNRESOLVED_DATABASE);
  }

  /** As somebody does who knows nothing of the environment around it. */
  private static void load(Path file) {
    String text = "printf 'k\\nv\\n' | db5.3_load -T -t hash " + file;
    Run.of("sh", "-c", text).good();
  }

  private static void put(Bank bank, String database, String key) {
    bank.writer("put", "--db", database, "--key", key, "--value", "v").good();
  }

  private static String count(Standby standby, String database) {
    return Bank.writer(standby.directory(), "count", "--db", database).good().out();
  }
}
