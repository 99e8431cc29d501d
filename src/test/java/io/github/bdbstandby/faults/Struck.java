package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A command of ours that was run under the library, and how it ended.
 *
 * @param code 137 after SIGKILL
 */
record Struck(int code, String out, String err, Trace trace) {
  private static final int KILLED = 128 + 9;
  private static final int STOPPED = 128 + 15;
  private static final long FOLLOW_MILLIS = 4000;
  private static final long AFTERMATH_MILLIS = 1200;
  private static final String LIBRARY = System.getProperty("bdbstandby.faults.library");

  /** What to do to it: a fault at a point, SIGKILL after some milliseconds, or nothing. */
  record Blow(Optional<Point> point, Optional<Action> action, OptionalLong killAfterMillis) {
    static Blow none() {
      return new Blow(Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    static Blow at(Point point, Action action) {
      return new Blow(Optional.of(point), Optional.of(action), OptionalLong.empty());
    }

    static Blow after(long millis) {
      return new Blow(Optional.empty(), Optional.empty(), OptionalLong.of(millis));
    }

    boolean kills() {
      return killAfterMillis.isPresent() || action.map(Action::kills).orElse(false);
    }
  }

  /** Starts a command under the library. */
  static Child start(Scene scene, Command command, Path subject, Path trace, Blow blow)
      throws IOException {
    Map<String, String> variables =
        variables(scene.watched(subject), trace, blow.point(), blow.action());
    return Cli.start(variables, scene.home(), command.words(scene, subject));
  }

  /** By which the library knows what to do. */
  static Map<String, String> variables(
      String watched, Path trace, Optional<Point> point, Optional<Action> action) {
    Map<String, String> variables = new HashMap<>();
    variables.put("LD_PRELOAD", LIBRARY);
    variables.put("BDB_FAULTS_WATCH", watched);
    variables.put("BDB_FAULTS_TRACE", trace.toString());
    point.ifPresent(there -> variables.put("BDB_FAULTS_AT", there.at()));
    action.ifPresent(what -> variables.put("BDB_FAULTS_ACTION", what.word()));
    return variables;
  }

  /** Runs a command to its end, whatever makes it. */
  static Struck run(Scene scene, Command command, Path subject, Blow blow)
      throws IOException, InterruptedException {
    Path file = scene.scratch("trace");
    Files.deleteIfExists(file);
    scene.books().command(subject);
    long begun = System.nanoTime();
    try (Child child = start(scene, command, subject, file, blow)) {
      long stopAfter = Long.MAX_VALUE;
      boolean stopped = false;
      while (child.isAlive()) {
        long millis = (System.nanoTime() - begun) / 1_000_000;
        scene.books().note(subject);
        if (blow.killAfterMillis().isPresent() && millis >= blow.killAfterMillis().getAsLong()) {
          child.killOutsideRegions();
        } else if (millis > stopAfter && !stopped) {
          child.signal("TERM");
          stopped = true;
        } else if (command == Command.FOLLOW
            && stopAfter == Long.MAX_VALUE
            && !Trace.read(file).operations().isEmpty()) {
          stopAfter =
              millis + FOLLOW_MILLIS; // from its first operation on: starting takes its time
        } else if (command == Command.FOLLOW && !stopped && Trace.read(file).struck()) {
          stopAfter = Math.min(stopAfter, millis + AFTERMATH_MILLIS);
        } else if (millis > 240_000) {
          break; // Child.await says that it is late
        }
        Busy.pause(10);
      }
      Child.Ended ended = child.await();
      return new Struck(ended.code(), ended.out(), ended.err(), Trace.read(file));
    }
  }

  boolean killed() {
    return code == KILLED;
  }

  /** Whether it ended in one of the ways promised, and said so. */
  void assertOrderly(Command command, Blow blow) throws IOException {
    if (killed()) {
      assertThat(blow.kills()).as("killed, but not by us: %s", this).isTrue();
      return;
    }
    boolean dead = blow.action().map(Action::kills).orElse(false) && trace.struck();
    assertThat(dead).as("struck dead, and yet alive: %s", this).isFalse();
    if (command == Command.FOLLOW && code == STOPPED) {
      return;
    }
    assertThat(code).as("%s", this).isIn(0, 1, 3, 4);
    JsonNode last = new ObjectMapper().readTree(out.lines().reduce("", (a, b) -> b));
    assertThat(last.path("outcome").asText())
        .as("%s", this)
        .isEqualTo(
            switch (code) {
              case 0 -> "ok";
              case 1 -> "failed";
              case 3 -> "refused";
              default -> "snapshot-needed";
            });
    if (code != 0) {
      assertThat(last.path("reason").asText()).as("%s", this).isNotBlank();
    }
    boolean faulted = blow.action().isPresent() && trace.struck();
    assertThat(code == 0 || faulted).as("nothing was done to it: %s", this).isTrue();
  }

  /** Short: what it said at its end. */
  String end() {
    return "exit " + code + " " + out.lines().reduce("", (a, b) -> b) + " " + err;
  }
}
