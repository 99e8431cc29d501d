package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that makes, renames and removes databases all the time, and takes some back. */
final class RenamingApplicationTest {
  private static final String[] WORK = {
    "--threads", "1", "--rate", "100", "--checkpoint-ms", "300", "--churn"
  };

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "subdirectories", "data-dirs-config", "checksummed"})
  void everySyncFollows(String name) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), name);
      try (Busy busy = bank.busy(WORK)) {
        Standby standby = Standby.at(directory.resolve("standby"));
        standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
        for (int sync = 0; sync < 8; sync++) {
          Busy.pause(300);
          long before = Busy.now();
          standby.sync(StandbyListener.NONE);
          assertThat(bank.checkCopy(standby.directory(), before)).isPositive();
        }
        busy.stop();
        standby.sync(StandbyListener.NONE);
        standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
        assertThat(bank.checkCopy(standby.directory(), Busy.now())).isPositive();
      }
    }
  }

  @Test
  void aSnapshotOfWhatItHasLeftIsWhole() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "mixed");
      try (Busy busy = bank.busy("--threads", "1", "--rate", "100", "--churn")) {
        Busy.pause(2000);
        busy.stop();
      }
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(bank.checkCopy(standby.directory(), Busy.now())).isPositive();
    }
  }

  private boolean isRenamed(Path database) {
    return database.getFileName().toString().startsWith("churned-");
  }

  private static String ack(Bank bank) {
    return bank.acknowledged().toString();
  }

  /** No page of an extent has its id, by which libdb's recovery would know what to rename. */
  @Test
  void aQueueWithExtentsIsNotFollowed() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "queue-extents");
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      try (Busy busy = bank.busy("--threads", "1", "--churn", "--churn-extents")) {
        while (Bank.databases(bank.home()).stream().noneMatch(this::isRenamed)) {
          busy.assertAlive();
          Busy.pause(20);
        }
        busy.stop();
      }
      Map<String, String> before = Tree.of(standby.directory());
      assertThatThrownBy(() -> standby.sync(StandbyListener.NONE))
          .isInstanceOf(SnapshotNeededException.class)
          .hasMessageContaining("-queue.db: was made, renamed or removed");
      assertThat(Tree.of(standby.directory())).containsAllEntriesOf(before);
      // The log that a new copy needs begins after the renamings.
      for (int i = 0; i < 2; i++) {
        bank.writer("run", "--commits", "1500", "--write-nosync", "--ack", ack(bank)).good();
        bank.writer("checkpoint").good();
      }
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(bank.checkCopy(standby.directory(), Busy.now())).isPositive();
    }
  }
}
