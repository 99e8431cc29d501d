package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NextCheckpointTest {
  private static final Set<LogRecordType> CHECKPOINTS = Set.of(LogRecordType.TXN_CHECKPOINT);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void comesAfterTheWaitHasBegun(boolean passive) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      try (Busy busy = bank.busy("--rate", "100", "--checkpoint-ms", "700");
          Source source = new SourceGuard(request(bank, passive)).open()) {
        Busy.pause(300);
        Lsn before = source.flushed();
        NextCheckpoint.await(source, Duration.ofMinutes(1));
        assertThat(checkpoints(source, before)).isNotEmpty();
        busy.assertAlive();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void maybeNoneComes(boolean passive) throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      try (Source source = new SourceGuard(request(bank, passive)).open()) {
        Lsn before = source.flushed();
        NextCheckpoint.await(source, Duration.ofMillis(250));
        assertThat(checkpoints(source, before)).isEmpty();
      }
    }
  }

  /** A log file goes only where a checkpoint has made it superfluous, or by somebody's hand. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLogFileThatGoesMeanwhileEndsTheWait(boolean passive) throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "131072");
      try (Busy busy = bank.busy("--rate", "1000", "--checkpoint-ms", "3600000");
          Source source = new SourceGuard(request(bank, passive)).open()) {
        CompletableFuture<Void> waiting =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    NextCheckpoint.await(source, Duration.ofMinutes(10));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!waiting.isDone() && System.nanoTime() < end) {
          busy.assertAlive();
          List<Path> logs = bank.logs(); // sooner or later that in which the wait began
          // What the application aborts may have begun in the last but one.
          for (Path log : logs.subList(0, Math.max(0, logs.size() - 2))) {
            Files.delete(log);
          }
          Busy.pause(20);
        }
        assertThat(waiting).isCompleted();
      }
    }
  }

  private static SourceRequest request(Bank bank, boolean passive) {
    return passive ? bank.request().passively() : bank.request();
  }

  private static List<LogRecord> checkpoints(Source source, Lsn from) throws IOException {
    return source.readLog(from, log -> LogStretch.read(log, from, Lsn.ZERO, CHECKPOINTS));
  }
}
