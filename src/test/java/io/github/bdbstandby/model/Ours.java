package io.github.bdbstandby.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.badinput.Commands;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our commands: in a machine that serves many, or in one of their own, which can be killed. */
final class Ours implements AutoCloseable {
  private static final String LIBRARY = System.getProperty("bdbstandby.faults.library");
  private static final long FIRST_CYCLE_MILLIS = 4000;
  private static final long LIMIT_MILLIS = 240_000;

  private final Commands commands;

  /**
   * Where a command works.
   *
   * @param archive of the long procedure
   */
  record Places(Path home, Path standby, Path archive, Setting setting) {}

  /**
   * What a command said.
   *
   * @param word its exit code, with the reason if it is not 0
   * @param cycles how many good cycles it told of
   */
  record Answer(String word, long cycles, String text) {}

  Ours(Path temporary) {
    this.commands = new Commands(temporary);
  }

  Answer run(Step step, Places places) throws Exception {
    Object[] words = words(step, places);
    if (step.kill().isPresent() || step.verb().equals("follow")) {
      return apart(step, places, words);
    }
    Outcome outcome = commands.run(words);
    return answer(outcome.code(), outcome.out(), outcome.err());
  }

  private Object[] words(Step step, Places places) {
    List<Object> words = new ArrayList<>(List.of(step.verb(), "--standby", places.standby()));
    switch (step.verb()) {
      case "snapshot" -> {
        words.addAll(List.of("--home", places.home()));
        words.addAll(List.of("--procedure", places.setting().procedure().word()));
        if (places.setting().procedure() == Procedure.LONG) {
          words.addAll(List.of("--archive", places.archive()));
        }
      }
      case "follow" -> words.addAll(List.of("--interval", "150ms", "--ship-interval", "40ms"));
      case "failover" -> {
        if (step.arguments().contains(Step.ACCEPT_LOSS)) {
          words.add("--accept-loss");
        }
      }
      default -> {}
    }
    return words.toArray();
  }

  private Answer apart(Step step, Places places, Object[] words) throws Exception {
    Object[] all = new Object[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--json";
    Path directory = places.standby().toAbsolutePath().getParent();
    try (Child child = Cli.start(variables(step.kill(), places), directory, all)) {
      long begun = System.nanoTime();
      long killAt = step.kill().flatMap(Step.Kill::millis).orElse(LIMIT_MILLIS);
      long stopAt = step.verb().equals("follow") ? FIRST_CYCLE_MILLIS : LIMIT_MILLIS;
      boolean cycled = false;
      boolean stopped = false;
      while (child.isAlive()) {
        long millis = (System.nanoTime() - begun) / 1_000_000;
        if (millis >= killAt) {
          child.killOutsideRegions();
        } else if (!stopped && millis >= stopAt) {
          child.signal("TERM");
          stopped = true;
        } else if (step.verb().equals("follow") && !cycled && child.hasSaid("{")) {
          cycled = true;
          stopAt = millis + step.number(0);
        }
        Busy.pause(10);
      }
      Child.Ended ended = child.await();
      return answer(ended.code(), ended.out(), ended.err());
    }
  }

  private Map<String, String> variables(Optional<Step.Kill> kill, Places places) {
    if (kill.filter(when -> when.millis().isEmpty()).isEmpty()) {
      return Map.of();
    }
    return Map.of(
        "LD_PRELOAD",
        LIBRARY,
        "BDB_FAULTS_WATCH",
        "standby=" + places.standby() + ":archive=" + places.archive(),
        "BDB_FAULTS_AT",
        kill.get().operation(),
        "BDB_FAULTS_ACTION",
        "kill-before");
  }

  private static Answer answer(int code, String out, String err) throws IOException {
    String word = String.valueOf(code);
    long cycles = out.lines().filter(line -> line.contains("\"outcome\":\"ok\"")).count();
    if (code >= 1 && code <= 5) {
      JsonNode last = new ObjectMapper().readTree(out.lines().reduce("", (a, b) -> b));
      word += " " + last.path("reason").asText();
    }
    return new Answer(word, cycles, word + "\n" + out + "\n" + err);
  }

  @Override
  public void close() throws IOException {
    commands.close();
  }
}
