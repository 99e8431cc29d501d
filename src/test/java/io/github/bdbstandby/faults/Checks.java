package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold after a fault. Each check throws an AssertionError that says what does not. */
public final class Checks {
  private static final Duration CHECKPOINT = Duration.ofMinutes(2);
  private static final long COMMIT_MILLIS = 120_000;
  private static final String GUARD = "bdb_standby_switch_in_progress";

  private final Scene scene;

  Checks(Scene scene) {
    this.scene = scene;
  }

  /** The application has not noticed: it commits, and its checkpoints come back. */
  void sourceIsUnharmed() throws IOException {
    Path acknowledged = scene.bank().acknowledged();
    scene.busy().assertAlive();
    long before = Files.size(acknowledged);
    Run.of(CHECKPOINT, Bank.command(scene.home(), "checkpoint")).good();
    long end = System.nanoTime() + Duration.ofMillis(COMMIT_MILLIS).toNanos();
    while (Files.size(acknowledged) == before) {
      assertThat(System.nanoTime()).as("the source commits no more").isLessThan(end);
      Busy.pause(5);
    }
    scene.busy().assertAlive();
  }

  /** It says how the standby is, or that there is none. */
  void statusAnswers(Path standby) throws IOException {
    Outcome status = Cli.json("status", "--standby", standby);
    assertThat(status.code()).as("%s", status).isIn(0, 3);
    assertThat(status.json().path("outcome").asText()).isNotBlank();
  }

  /**
   * A clone of what the fault left recovers without us, to no earlier than the last good cycle.
   * While a switch is open it may refuse to; then we end it.
   *
   * @param left is not changed
   * @param lastGood empty if no snapshot was ever whole
   * @return whether it recovered without us
   */
  boolean recovers(Path left, Optional<Long> lastGood) throws IOException {
    Path clone = scene.scratch("recovered");
    if (recoversAlone(left, clone)) {
      if (lastGood.isPresent() || !Bank.databases(clone).isEmpty()) {
        check(clone, lastGood.orElse(0L));
      }
      return true;
    }
    takesOver(left);
    return false;
  }

  /**
   * Recovers a clone by libdb's own program. It may refuse while a switch is open, and must say so.
   *
   * @param left is not changed
   * @param clone where it goes
   * @return whether it recovered
   */
  public static boolean recoversAlone(Path left, Path clone) throws IOException {
    Scene.copy(left, clone);
    Run recovery = Run.of("db5.3_recover", "-c", "-h", clone.toString());
    if (recovery.exit() == 0) {
      return true;
    }
    assertThat(isSwitching(left)).as("%s", recovery).isTrue();
    assertThat(Files.readString(left.resolve("DB_CONFIG"))).startsWith(GUARD);
    assertThat(recovery.err()).contains(GUARD);
    return false;
  }

  /** Whether a switch was begun and not ended. */
  static boolean isSwitching(Path standby) {
    return Files.exists(standby.resolve(".bdb-standby/journal.json"));
  }

  /**
   * A clone is promoted, and has all that was acknowledged before.
   *
   * @param left is not changed
   */
  void takesOver(Path left) throws IOException {
    Path clone = scene.scratch("promoted");
    Scene.copy(left, clone);
    long before = Busy.now();
    Cli.json("failover", "--standby", clone).good();
    check(clone, before);
  }

  /** Our sync, in this process. */
  Outcome sync(Path standby) throws IOException {
    return Cli.json("sync", "--standby", standby);
  }

  /** What must be so after a good cycle that began then. */
  void isUpToDate(Path standby, long began, JsonNode report) throws IOException {
    Path clone = scene.scratch("checked");
    Scene.copy(standby, clone);
    check(clone, began);
    if (scene.isArchiving() && report.has("recoveredTo")) {
      JsonNode reached = report.path("recoveredTo");
      scene
          .keeper()
          .assertNothingLost(
              standby,
              scene.archive(),
              new Lsn(reached.path("file").asLong(), reached.path("offset").asLong()));
    }
  }

  /** The application's own check of a home at rest. */
  private void check(Path home, long acknowledgedBefore) throws IOException {
    List<String> check = new ArrayList<>(List.of("check"));
    check.addAll(List.of("--ack", scene.bank().acknowledged().toString()));
    check.addAll(List.of("--ack-before", String.valueOf(acknowledgedBefore)));
    Bank.writer(home, check.toArray(String[]::new)).good();
  }
}
