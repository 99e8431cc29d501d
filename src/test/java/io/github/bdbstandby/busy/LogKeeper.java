package io.github.bdbstandby.busy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.standby.StandbyListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Keeps a hard link of every log file seen at the source, to compare with later. */
public final class LogKeeper implements AutoCloseable {
  private final Bank bank;
  private final Path kept;
  private final Thread thread = new Thread(this::watch, "log-keeper");
  private volatile boolean closed;

  private LogKeeper(Bank bank, Path kept) {
    this.bank = bank;
    this.kept = kept;
  }

  /** Starts keeping. */
  public static LogKeeper of(Bank bank, Path kept) throws IOException {
    Files.createDirectories(kept);
    LogKeeper keeper = new LogKeeper(bank, kept);
    keeper.link();
    keeper.thread.start();
    return keeper;
  }

  private void watch() {
    while (!closed) {
      try {
        link();
      } catch (IOException | UncheckedIOException e) {
        // A walk that met a file just removed; the next one comes soon.
      }
      Busy.pause(20);
    }
  }

  private synchronized void link() throws IOException {
    for (Path log : bank.logs()) {
      try {
        Files.createLink(kept.resolve(log.getFileName()), log);
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        // seen before, or gone
      }
    }
  }

  /** Keeps what there is when a cycle is about to move log files away. */
  public StandbyListener beforeMoves() {
    return new StandbyListener() {
      @Override
      public void began(StepName step, long bytes) {
        if (step == StepName.MOVE_INACTIVE_LOGS) {
          try {
            link();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  /** Each number from 1 on is at the source, in the standby or in the archive. */
  public void assertNothingLost(Path standby, Path archive, Lsn reached) throws IOException {
    Set<Long> found = numbers(archive);
    found.addAll(numbers(standby));
    found.addAll(numbers(bank.home()));
    for (long number = 1; number <= reached.file(); number++) {
      assertThat(found).contains(number);
    }
  }

  /**
   * The archive's files are what the source's were, but for those that went before anybody had seen
   * them there.
   *
   * @return how many
   */
  public int assertUnchanged(Path archive) throws IOException {
    if (!Files.isDirectory(archive)) {
      return 0;
    }
    int count = 0;
    for (Path log : Bank.files(archive)) {
      assertThat(log.getFileName().toString()).startsWith("log.");
      Path original = kept.resolve(log.getFileName());
      if (Files.exists(original)) {
        assertThat(Files.mismatch(log, original)).as(log.toString()).isEqualTo(-1L);
        count++;
      }
    }
    return count;
  }

  private static Set<Long> numbers(Path home) throws IOException {
    return Files.isDirectory(home)
        ? Bank.logsIn(home).stream()
            .map(Bank::number)
            .collect(Collectors.toCollection(TreeSet::new))
        : new TreeSet<>();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
