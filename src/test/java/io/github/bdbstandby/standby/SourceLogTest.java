package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source whose log lacks what recovery of a copy needs. */
final class SourceLogTest {
  private static final int LOG_SIZE = 131_072;

  @ParameterizedTest
  @ValueSource(strings = {"gone", "cut short", "empty"})
  void isRefusedBeforeAnythingIsCopied(String how) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", String.valueOf(LOG_SIZE));
      Path standby = directory.resolve("standby");
      try (Busy busy = bank.busy("--rate", "2000", "--checkpoint-ms", "3600000")) {
        int before = bank.logs().size();
        while (bank.logs().size() < before + 4) {
          busy.assertAlive();
          Busy.pause(20);
        }
        Path log = bank.logs().get(before + 1);
        Path kept = Files.copy(log, directory.resolve("kept"));
        spoil(log, how);
        Outcome refused = Cli.json("snapshot", "--home", bank.home(), "--standby", standby);
        assertThat(refused.code()).as("%s", refused).isEqualTo(3);
        JsonNode said = new ObjectMapper().readTree(refused.out());
        assertThat(said.path("reason").asText()).isEqualTo("log-gap");
        assertThat(said.path("message").asText()).startsWith(log.toString());
        assertThat(standby).doesNotExist();
        Files.copy(kept, log, StandardCopyOption.REPLACE_EXISTING);
        Cli.json("snapshot", "--home", bank.home(), "--standby", standby).good();
        busy.assertAlive();
      }
    }
  }

  @Test
  void isLookedForAgainWhereItGoesAsASnapshotBegins() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", String.valueOf(LOG_SIZE));
      Standby standby = Standby.at(directory.resolve("standby"));
      try (Busy busy = bank.busy("--rate", "2000", "--checkpoint-ms", "3600000")) {
        Removal removal = new Removal(bank, busy);
        CycleReport report = standby.snapshot(bank.request(), SnapshotOptions.defaults(), removal);
        assertThat(removal.removed).as("while the log before them was read").isPositive();
        assertThat(report.logs().first().orElseThrow()).isGreaterThan(removal.removed);
        busy.assertAlive();
      }
    }
  }

  /** Has the source go on, and remove log files that were never seen; once. */
  private static final class Removal implements StandbyListener {
    private final Bank bank;
    private final Busy busy;
    private long removed;

    Removal(Bank bank, Busy busy) {
      this.bank = bank;
      this.busy = busy;
    }

    @Override
    public void copied(StepName step, long bytes) {
      if (step != StepName.COPY_LOGS || removed > 0) {
        return;
      }
      try {
        List<Path> logs = bank.logs();
        removed = Bank.number(logs.get(logs.size() - 1)) + 1;
        while (Bank.number(bank.logs().get(0)) <= removed) {
          bank.awaitCommits(busy, 200);
          bank.writer("checkpoint").good();
          bank.writer("archive", "--remove").good();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void spoil(Path log, String how) throws IOException {
    if (how.equals("gone")) {
      Files.delete(log);
      return;
    }
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
      file.truncate(how.equals("empty") ? 0 : LOG_SIZE / 2);
    }
  }
}
