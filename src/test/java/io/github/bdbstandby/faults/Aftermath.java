package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** What is checked after every fault, whatever its kind. */
final class Aftermath {
  private final Random random;
  private final Report report;

  Aftermath(Random random, Report report) {
    this.random = random;
    this.report = report;
  }

  /**
   * The fault is over, what it left has not been touched; at its end the standby is whole and up to
   * date.
   */
  void check(Scene scene, Command command, Path subject) throws IOException {
    asLeft(scene, subject);
    goesOn(scene, command, subject);
  }

  /** The first half: nothing is changed. */
  void asLeft(Scene scene, Path subject) throws IOException {
    Checks checks = new Checks(scene);
    checks.sourceIsUnharmed();
    checks.statusAnswers(subject);
    Path left = scene.left();
    Scene.remove(left);
    if (Files.notExists(subject)) {
      return; // a first snapshot that failed leaves nothing behind
    }
    Scene.copy(subject, left);
    Optional<Long> lastGood = scene.books().lastGood(subject);
    if (!checks.recovers(left, lastGood)) {
      report.count("switches met open: a foreign recovery was refused, ours ended it");
    }
    boolean promoted = isPromoted(subject);
    if (lastGood.isPresent() && !promoted && random.nextInt(3) == 0) {
      checks.takesOver(left);
      report.count("failovers of what a fault left");
    }
  }

  /** The second half: the next cycle. */
  void goesOn(Scene scene, Command command, Path subject) throws IOException {
    Checks checks = new Checks(scene);
    scene.books().command(subject);
    if (command == Command.FAILOVER) {
      endsFailover(scene, subject);
      return;
    }
    boolean whole = scene.books().lastGood(subject).isPresent();
    long began = Busy.now();
    Outcome next =
        command == Command.OVER && random.nextBoolean()
            ? snapshot(scene, subject)
            : checks.sync(subject);
    if (next.code() == 3 && !whole) {
      assertThat(next.json().path("reason").asText()).isEqualTo("not-a-standby");
      report.count("first snapshots that had to be taken again");
    }
    boolean again =
        (next.code() == 3 && !whole)
            || (next.code() == 4 && (command == Command.FIRST || command == Command.OVER));
    if (next.code() == 4 && again) {
      report.count("syncs after a killed snapshot that wanted a new one");
    }
    if (again) {
      began = Busy.now();
      next = snapshot(scene, subject);
    }
    scene.books().note(subject);
    checks.isUpToDate(subject, began, next.good());
    checks.statusAnswers(subject);
  }

  private static Outcome snapshot(Scene scene, Path subject) throws IOException {
    Object[] words = Command.OVER.words(scene, subject);
    return Cli.run(words);
  }

  /** A failover that was cut off is begun again; or the standby goes on as one. */
  private void endsFailover(Scene scene, Path subject) throws IOException {
    Checks checks = new Checks(scene);
    long began = Busy.now();
    boolean promoted = isPromoted(subject);
    // Two standbys can't share a source whose log files are moved away.
    if (!promoted && !scene.isArchiving() && random.nextInt(4) == 0) {
      checks.isUpToDate(subject, began, checks.sync(subject).good());
      report.count("syncs after a failover that was cut off");
      began = Busy.now();
    }
    Outcome again = Cli.json("failover", "--standby", subject);
    if (promoted) {
      assertThat(again.code()).as("%s", again).isEqualTo(3);
      assertThat(again.json().path("reason").asText()).isEqualTo("promoted");
      checks.isUpToDate(subject, scene.books().lastGood(subject).orElseThrow(), again.json());
    } else {
      checks.isUpToDate(subject, began, again.good());
    }
    Scene.remove(subject);
  }

  private static boolean isPromoted(Path subject) throws IOException {
    Outcome status = Cli.json("status", "--standby", subject);
    return status.json().path("state").asText().equals("promoted");
  }
}
