package io.github.bdbstandby.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What following names costs where there is little or nothing to follow. */
final class NameRecordsTest {
  @Test
  void whereNothingIsRenamedNoCommitIsKeptAndNoStandbyWalked() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      for (int i = 0; i < 20; i++) {
        bank.writer("put", "--db", "accounts-btree-0.db", "--key", "k" + i, "--value", "v").good();
      }
      List<LogRecord> all = all(bank);
      NameRecords records = new NameRecords();
      scan(bank, records);
      assertThat(commits(all)).isGreaterThan(20 + commits(records.records()));
      Target nowhere = target(directory.resolve("nowhere"));
      assertPlain(
          RecoveryStops.find(records.records(), Lsn.ZERO, Lsn.ZERO, nowhere, Layout.MIRROR));
      Target copies = target(bank.home());
      assertPlain(CopiedNames.find(records.records(), Lsn.ZERO, Lsn.ZERO, copies, Layout.MIRROR));
      assertThat(RecoveryStops.NONE.wrong(nowhere)).isEmpty();
    }
  }

  /** But for what it names it is as if there were nothing. */
  private static void assertPlain(RecoveryStops stops) {
    assertThat(stops)
        .usingRecursiveComparison()
        .ignoringFields("stages.named")
        .isEqualTo(RecoveryStops.NONE);
  }

  @Test
  void whatIsLeftOutDecidesNothing() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      for (int i = 0; i < 3; i++) {
        bank.writer("create", "--db", "new.db").good();
        bank.writer("put", "--db", "new.db", "--key", "more", "--value", "v").good();
        bank.writer("rename", "--db", "new.db", "--to", "final" + i + ".db").good();
      }
      bank.writer("remove", "--db", "final1.db").good();
      NameRecords records = new NameRecords();
      scan(bank, records);
      Target target = target(bank.home());
      RecoveryStops stops =
          RecoveryStops.find(records.records(), Lsn.ZERO, Lsn.ZERO, target, Layout.MIRROR);
      assertThat(stops.names()).containsValue(Optional.of("final2.db"));
      assertThat(stops)
          .isEqualTo(RecoveryStops.find(all(bank), Lsn.ZERO, Lsn.ZERO, target, Layout.MIRROR));
    }
  }

  private static Target target(Path home) {
    return new Target(home, home, home.resolve("incoming"), Optional.empty());
  }

  private static List<LogRecord> all(Bank bank) throws IOException {
    List<LogRecord> all = new ArrayList<>();
    scan(bank, all::add);
    return all;
  }

  private static void scan(Bank bank, Consumer<LogRecord> sink) throws IOException {
    Path logs = Files.createDirectories(bank.home().resolveSibling("logs"));
    for (Path log : bank.logs()) {
      Files.copy(log, logs.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    try (DbEnvironment log =
        DbEnvironment.openPrivate(logs, Set.of(Subsystem.LOG), EnvironmentOptions.defaults())) {
      log.scanLog(Lsn.ZERO, Lsn.ZERO, RecoveryStops.TYPES, sink);
    }
  }

  private static long commits(List<LogRecord> records) {
    return records.stream()
        .filter(record -> record instanceof Other o && o.type() == LogRecordType.TXN_COMMIT)
        .count();
  }
}
