package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libdb's own page-atomic copy, in an environment that lives and dies with this process. */
final class CoordinatedCopierTest {
  private static DbEnvironment open(Bank bank) {
    return DbEnvironment.openPrivate(
        bank.home(),
        EnumSet.of(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN),
        bank.request().options());
  }

  private static Bank atRest(Temporary directory, String name) throws IOException {
    Bank bank = Bank.make(directory.path(), name, "--accounts", "3000");
    bank.writer("run", "--commits", "500").good();
    bank.writer("remove-environment", "--force").good();
    return bank;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "queue-extents", "pagesize-65536", "big-endian", "heap"})
  void everyDatabaseIsCopiedByteForByte(String name) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = atRest(directory, name);
      Path copies = Files.createDirectory(directory.resolve("copies"));
      List<CopiedFile> copied = new ArrayList<>();
      try (DbEnvironment environment = open(bank)) {
        CoordinatedCopier copier = new CoordinatedCopier(environment, CopyProgress.NONE);
        for (Path database : Bank.databases(bank.home())) {
          String leaf = database.getFileName().toString();
          copied.addAll(copier.copy(leaf, database, copies.resolve(leaf)));
        }
      }
      for (CopiedFile copy : copied) {
        Path original = bank.home().resolve(copy.target().getFileName());
        assertThat(Files.size(copy.target())).isEqualTo(copy.size());
        assertThat(Files.mismatch(copy.target(), original)).as(original.toString()).isEqualTo(-1);
      }
      assertThat(copied).hasSizeGreaterThanOrEqualTo(Bank.databases(bank.home()).size());
      bank.verify(copies);
    }
  }

  @Test
  void aSinkThatFailsLeavesTheEnvironmentItsCheckpoints() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = atRest(directory, "btree");
      try (DbEnvironment environment = open(bank)) {
        CoordinatedCopier copier = new CoordinatedCopier(environment, CopyProgress.NONE);
        Path nowhere = directory.resolve("no/such/directory/copy.db");
        Path original = bank.home().resolve("accounts-btree-0.db");
        assertThatThrownBy(() -> copier.copy("accounts-btree-0.db", original, nowhere))
            .isInstanceOf(IOException.class);
        environment.checkpoint(true);
        Path copy = directory.resolve("copy.db");
        copier.copy("accounts-btree-0.db", original, copy);
        environment.checkpoint(true);
        Run.of("db5.3_verify", "-q", copy.toString()).good();
      }
    }
  }

  /**
   * Whoever finds a region's page locked makes another region, and leaves a gap behind this one.
   */
  @Test
  void aHeapThatSeveralThreadsFillHasGaps() throws Exception {
    try (Temporary directory = Temporary.directory();
        Heap heap = Heap.make(directory.path(), 1 << 12)) {
      assertThat(heap.fillUntilItHasGaps(4)).as("a heap with gaps").isTrue();
      heap.assertCopied(directory.resolve("copy.db"));
    }
  }

  @Test
  void aHeapWithoutRecordsHasItsFirstRegion() throws Exception {
    try (Temporary directory = Temporary.directory();
        Heap heap = Heap.make(directory.path(), 1 << 12)) {
      heap.assertCopied(directory.resolve("copy.db"));
    }
  }
}
