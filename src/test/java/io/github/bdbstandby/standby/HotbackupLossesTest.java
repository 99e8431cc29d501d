package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.testkit.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four ways in which db_hotbackup loses or harms; each is shown first, and then ours without. */
final class HotbackupLossesTest {
  private static final int KILLS = 8;

  /** Writes between two kills; a copy takes some hundred, more or less by what has holes yet. */
  private static final int STRIDE = 15;

  private static final String WRITE = "write standby/image/database";

  @Test
  void whoeverIsKilledInMidCopyLeavesTheApplicationItsCheckpoints() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--accounts", "60000");
      try (Busy busy = bank.busy("--threads", "1", "--rate", "200", "--checkpoint-ms", "0")) {
        for (int i = 1; i <= KILLS; i++) {
          String at = WRITE + "#" + i * STRIDE;
          assertThat(snapshot(bank, directory.resolve("standby" + i), killedAt(at)))
              .as(at)
              .isEqualTo(Run.KILLED);
          bank.writer("checkpoint", "--timeout", "240").good();
          busy.assertAlive();
        }
      }
    }
  }

  private static Map<String, String> killedAt(String operation) {
    return Map.of("BDB_FAULTS_AT", operation, "BDB_FAULTS_ACTION", "kill-before");
  }

  private static int snapshot(Bank bank, Path standby, Map<String, String> faults)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SnapshotMain.class.getName(), bank.home().toString()));
    command.add(standby.toString());
    return run(command, "standby=" + standby, faults);
  }

  /** How it ends under the library of faults. */
  private static int run(List<String> command, String watched, Map<String, String> faults)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LD_PRELOAD", System.getProperty("bdbstandby.faults.library"));
    builder.environment().put("BDB_FAULTS_WATCH", watched);
    builder.environment().putAll(faults);
    try (Child child = Child.start(builder)) {
      return child.await().code();
    }
  }

  @Test
  void hotbackupKilledInMidCopyStopsTheNextCheckpoint() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--accounts", "60000");
      try (Busy busy = bank.busy("--threads", "2", "--rate", "4000", "--checkpoint-ms", "0")) {
        bank.awaitCommits(busy, 2000);
        Path copy = Files.createDirectory(directory.resolve("copy"));
        String home = bank.home().toString();
        List<String> command = List.of("db5.3_hotbackup", "-h", home, "-b", copy.toString());
        // In the database of all accounts, which it may copy first or last.
        Map<String, String> killed = killedAt("write copy/database#8");
        assertThat(run(command, "copy=" + copy, killed)).isEqualTo(Run.KILLED);
        assertThat(bank.writer("checkpoint", "--timeout", "5").exit()).isNotZero();
        busy.kill(); // it may hang in its own
      }
    }
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
