package io.github.bdbstandby.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The environment in use and its application: what can happen to them. */
final class Source implements AutoCloseable {
  private static final int ACKNOWLEDGEMENT = 24;
  private static final int WHEN = 16;
  private static final int DYING_THREAD = 40;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Bank bank;
  private Path home;
  private Optional<Busy> busy = Optional.empty();

  Source(Bank bank) {
    this.bank = bank;
    this.home = bank.home();
  }

  Path home() {
    return home;
  }

  /** The standby has taken over: its application goes on there. */
  void move(Path elsewhere) throws IOException {
    kill();
    home = elsewhere;
  }

  /** Puts the application to work. */
  void start(boolean recover, List<String> how) {
    List<String> work =
        new ArrayList<>(List.of("--threads", "2", "--rate", "150", "--checkpoint-ms", "150"));
    if (how.contains("long")) {
      work.addAll(List.of("--long-ms", "120"));
    }
    if (how.contains("churn")) {
      work.add("--churn");
    }
    if (recover) {
      work.add("--recover");
    }
    busy = Optional.of(bank.busyAt(home, work.toArray(String[]::new)));
  }

  /** Waits for so many commits of the application, or makes them at once if it is not at work. */
  void commit(int count, boolean recover) throws IOException {
    if (busy.isEmpty()) {
      List<String> work =
          new ArrayList<>(List.of("run", "--commits", String.valueOf(count), "--write-nosync"));
      work.addAll(List.of("--ack", bank.acknowledged().toString(), "--checkpoint-ms", "40"));
      if (recover) {
        work.add("--recover");
      }
      writer(work.toArray(String[]::new));
      return;
    }
    long wanted = acknowledged() + count;
    long end = System.nanoTime() + LIMIT.toNanos();
    while (acknowledged() < wanted) {
      busy.get().assertAlive();
      assertThat(System.nanoTime()).as("the source commits no more").isLessThan(end);
      Busy.pause(5);
    }
  }

  private long acknowledged() throws IOException {
    return Files.exists(bank.acknowledged())
        ? Files.size(bank.acknowledged()) / ACKNOWLEDGEMENT
        : 0;
  }

  void stop() throws IOException {
    if (busy.isPresent()) {
      busy.get().stop();
      close();
    }
  }

  /** SIGKILL of the application. */
  void kill() throws IOException {
    if (busy.isPresent()) {
      busy.get().kill();
      close();
    }
  }

  /** Commits, and dies in the middle of a large transaction of which half is on disk. */
  void die(int commits) {
    Run died =
        Bank.writer(
            home,
            "die",
            "--commits",
            String.valueOf(commits),
            "--write-nosync",
            "--thread-base",
            String.valueOf(DYING_THREAD));
    assertThat(died.exit()).as("%s", died).isEqualTo(Run.KILLED);
  }

  /** As a machine that starts again: what was in memory is gone, regions too. */
  void reboot() throws IOException {
    kill();
    try (Stream<Path> files = Files.list(home)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        if (each.getFileName().toString().matches("__db\\.(\\d{3}|register)")) {
          Files.delete(each);
        }
      }
    }
  }

  /** Runs a mode of the application to its good end. */
  void writer(String... arguments) {
    Bank.writer(home, arguments).good();
  }

  /**
   * Loads records by a transaction that keeps them out of the log where it may.
   *
   * @param mark tells them from those of other loads
   */
  void load(String database, int records, int mark) {
    writer(
        "bulk",
        "--db",
        database,
        "--records",
        String.valueOf(records),
        "--mark",
        String.valueOf(mark));
  }

  /** The application, if it is at work, goes on, and its checkpoints come back. */
  void assertUnharmed() throws IOException {
    if (busy.isPresent()) {
      busy.get().assertAlive();
      Run.of(LIMIT, Bank.command(home, "checkpoint")).good();
      commit(1, false);
    }
  }

  /** The names of its databases. */
  List<String> databases() {
    try {
      return Bank.databases(home).stream().map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lowest number of its log files. */
  OptionalLong firstLog() throws IOException {
    return logs().min();
  }

  /** The highest. */
  OptionalLong lastLog() throws IOException {
    return logs().max();
  }

  private LongStream logs() throws IOException {
    return Files.isDirectory(home)
        ? Bank.logsIn(home).stream().mapToLong(Bank::number)
        : LongStream.empty();
  }

  /** Its disk is gone. */
  void lose() throws IOException {
    kill();
    Tree.delete(home);
  }

  /** What was acknowledged after then is not expected any more: the source is lost. */
  void forgetAfter(long micros) throws IOException {
    if (!Files.exists(bank.acknowledged())) {
      return;
    }
    ByteBuffer all =
        ByteBuffer.wrap(Files.readAllBytes(bank.acknowledged())).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer kept = ByteBuffer.allocate(all.capacity());
    for (int at = 0; at + ACKNOWLEDGEMENT <= all.capacity(); at += ACKNOWLEDGEMENT) {
      if (all.getLong(at + WHEN) <= micros) {
        kept.put(all.slice(at, ACKNOWLEDGEMENT));
      }
    }
    Files.write(bank.acknowledged(), Arrays.copyOf(kept.array(), kept.position()));
  }

  @Override
  public void close() {
    try {
      if (busy.isPresent()) {
        busy.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      busy = Optional.empty();
    }
  }
}
