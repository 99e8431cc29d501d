package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Four ways in which db_hotbackup loses or harms; each is shown first, and then ours without. */
final class HotbackupLossesTest {
  private static final int KILLS = 12;

  @Test
  void whoeverIsKilledInMidCopyLeavesTheApplicationItsCheckpoints() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--accounts", "60000");
      try (Busy busy = bank.busy("--threads", "1", "--rate", "200", "--checkpoint-ms", "0")) {
        int cut = 0;
        for (int i = 0; i < KILLS; i++) {
          Path standby = directory.resolve("standby" + i);
          cut += killedSnapshot(bank, standby, 25L * i) ? 1 : 0;
          bank.writer("checkpoint", "--timeout", "240").good();
          busy.assertAlive();
        }
        assertThat(cut).as("snapshots that were cut off").isPositive();
      }
    }
  }

  /** Whether it was cut off before it had ended. */
  private static boolean killedSnapshot(Bank bank, Path standby, long millis) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SnapshotMain.class.getName(), bank.home().toString()));
    command.add(standby.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long limit = System.nanoTime() + Duration.ofMinutes(4).toNanos();
    while (process.isAlive()
        && !Files.exists(standby.resolve(StandbyDirectory.MARKS))
        && System.nanoTime() < limit) {
      Busy.pause(5);
    }
    Busy.pause(millis);
    boolean alive = process.isAlive();
    process.destroyForcibly().waitFor();
    return alive;
  }

  @Test
  void hotbackupKilledInMidCopyStopsTheNextCheckpoint() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      boolean stuck = false;
      for (int attempt = 0; attempt < 10 && !stuck; attempt++) {
        stuck = stopsCheckpoint(Files.createDirectory(directory.resolve("bank" + attempt)));
      }
      assertThat(stuck).isTrue();
    }
  }

  /** False too if the one killed leaves another lock first: then none after it gets to its copy. */
  private static boolean stopsCheckpoint(Path directory) throws Exception {
    Bank bank = Bank.make(directory, "btree", "--accounts", "60000");
    boolean stuck = false;
    boolean blocked = false;
    try (Busy busy = bank.busy("--threads", "2", "--rate", "4000", "--checkpoint-ms", "0")) {
      for (int i = 0; i < 200 && !stuck && !blocked; i++) {
        Path copy = Files.createDirectories(directory.resolve("copy" + i));
        Process process =
            new ProcessBuilder(
                    "db5.3_hotbackup", "-h", bank.home().toString(), "-b", copy.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (process.isAlive() && noDatabase(copy) && System.nanoTime() < limit) {
          Thread.onSpinWait();
        }
        blocked = process.isAlive() && noDatabase(copy);
        Busy.pause(7 * i % 120); // somewhere in a file with pages to be written
        process.destroyForcibly().waitFor();
        stuck = bank.writer("checkpoint", "--timeout", "3").exit() != 0;
      }
      busy.kill(); // it may hang in its own
    }
    return stuck;
  }

  private static boolean noDatabase(Path copy) {
    String[] names = copy.toFile().list();
    return names == null || Arrays.stream(names).noneMatch(name -> name.endsWith(".db"));
  }

  @Test
  void aDatabaseOpenedByAbsolutePathIsRefused() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree");
      bank.writer("create", "--db", "absolute.db", "--absolute").good();
      Path live = bank.home().resolve("absolute.db");
      byte[] before = Files.readAllBytes(live);
      assertThatThrownBy(
              () ->
                  Standby.at(directory.resolve("standby"))
                      .snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ABSOLUTE_PATH));
      assertThat(Files.readAllBytes(live)).isEqualTo(before);
      assertThat(directory.resolve("standby")).doesNotExist();

      Path copy = directory.resolve("copy");
      Run.of("db5.3_hotbackup", "-h", bank.home().toString(), "-b", copy.toString()).good();
      Files.delete(live);
      Run.of("db5.3_recover", "-c", "-h", copy.toString()).good();
      assertThat(live).as("written by recovery of the copy").exists();
    }
  }

  @Test
  void aDatabaseBelowADirectoryIsCopiedThoughTheLogForgotIt() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--subdir", "sub");
      bank.writer("checkpoint").good();
      while (bank.logs().get(0).toString().endsWith("0001")) {
        bank.writer("run", "--commits", "400").good();
        bank.writer("checkpoint").good();
        bank.writer("archive", "--remove").good();
      }
      Path copy = directory.resolve("copy");
      Run.of("db5.3_hotbackup", "-h", bank.home().toString(), "-b", copy.toString());
      assertThat(copy.resolve("sub/apart-btree-0.db")).doesNotExist();
      Standby standby = Standby.at(directory.resolve("standby"));
      standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertThat(standby.directory().resolve("sub/apart-btree-0.db")).exists();
      assertThat(bank.checkCopy(standby.directory(), Long.MAX_VALUE)).isPositive();
    }
  }

  @Test
  void aBulkLoadAfterTheSnapshotIsWhole() throws IOException {
    String[] load = {"bulk", "--db", "bulk.db", "--records", "20000", "--mark", "7"};
    String[] check = {"bulk-check", "--db", "bulk.db", "--records", "20000", "--mark", "7"};
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.resolve("theirs"), "btree");
      String home = bank.home().toString();
      String copy = directory.resolve("copy").toString();
      try (Busy busy = bank.busy("--threads", "1", "--rate", "50")) {
        Run.of("db5.3_hotbackup", "-h", home, "-b", copy).good();
        bank.writer(load).good();
        Run.of("db5.3_hotbackup", "-u", "-h", home, "-b", copy).good();
        busy.stop();
      }
      assertThat(Bank.writer(Path.of(copy), check).exit()).isEqualTo(1);
    }
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.resolve("ours"), "btree");
      Standby standby = Standby.at(directory.resolve("standby"));
      try (Busy busy = bank.busy("--threads", "1", "--rate", "50")) {
        standby.snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
        bank.writer(load).good();
        standby.sync(StandbyListener.NONE);
        busy.stop();
      }
      Bank.writer(standby.directory(), check).good();
    }
  }

  /** Takes one snapshot in a process that may be killed. */
  static final class SnapshotMain {
    private SnapshotMain() {}

    public static void main(String[] arguments) {
      Standby.at(new File(arguments[1]).toPath())
          .snapshot(
              SourceRequest.of(Path.of(arguments[0])),
              SnapshotOptions.defaults(),
              StandbyListener.NONE);
    }
  }
}
