package io.github.bdbstandby.model;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Plays scripts for as long as there is time, and then lets all pass. The first that goes wrong is
 * kept; of what it is shrunk to, each smaller one that goes wrong too, until the time for that is
 * over. Every script costs seconds, so none is played twice.
 */
final class Trials {
  private final Path kept;
  private final long end;
  private final Duration shrinking;
  private final Set<Script> passed = new HashSet<>();
  private Optional<Player.Wrong> wrong = Optional.empty();
  private Script smallest;
  private long shrinkingEnd;
  private int played;

  /**
   * Trials that begin now.
   *
   * @param kept the file for a script that goes wrong
   * @param shrinking how long to look for a smaller one
   */
  Trials(Path kept, Duration time, Duration shrinking) {
    this.kept = kept;
    this.end = System.nanoTime() + time.toNanos();
    this.shrinking = shrinking;
  }

  int played() {
    return played;
  }

  /** Plays one. */
  void play(Script script) throws IOException {
    if (wrong.isPresent() && script.beginsWith(smallest)) {
      throw wrong.get();
    }
    boolean over = System.nanoTime() > (wrong.isPresent() ? shrinkingEnd : end);
    if (over || !passed.add(script)) {
      return;
    }
    played++;
    try {
      Player.play(script);
    } catch (Player.Wrong e) {
      keep(script.first(Math.min(e.steps(), script.steps().size())), e);
      throw e;
    }
  }

  private void keep(Script script, Player.Wrong e) throws IOException {
    if (wrong.isEmpty()) {
      shrinkingEnd = System.nanoTime() + shrinking.toNanos();
    }
    wrong = Optional.of(e);
    smallest = script;
    Files.createDirectories(kept.getParent());
    String why = e.getMessage().lines().map(line -> "# " + line + "\n").collect(joining());
    Files.writeString(kept, why + script.text());
    System.out.println("model: goes wrong, kept in " + kept + "\n" + script.text());
  }
}
