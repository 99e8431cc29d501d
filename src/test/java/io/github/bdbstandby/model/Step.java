package io.github.bdbstandby.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One line of a script: what is done, and with what.
 *
 * @param kill when a command of ours gets SIGKILL; empty if it may end
 */
record Step(String verb, List<String> arguments, Optional<Kill> kill) {
  static final String ACCEPT_LOSS = "accept-loss";

  private static final List<String> COMMANDS =
      List.of("snapshot", "sync", "follow", "status", "verify", "failover");
  private static final List<String> EVENTS =
      List.of(
          "start",
          "commits",
          "stop",
          "kill-writer",
          "die",
          "reboot",
          "checkpoint",
          "create",
          "rename",
          "remove",
          "put",
          "bulk",
          "remove-logs",
          "has-lost",
          "lose-source");

  /**
   * SIGKILL.
   *
   * @param at the number of a file operation below the standby, before which it comes, or its name
   *     as the library of faults has it, with a slash for the space, or milliseconds
   */
  record Kill(String at) {
    private static final String UNIT = "ms";

    /** After which time; empty if it is at an operation. */
    Optional<Long> millis() {
      return at.endsWith(UNIT)
          ? Optional.of(Long.parseLong(at.replace(UNIT, "")))
          : Optional.empty();
    }

    /** As the library of faults is told. */
    String operation() {
      return at.replaceFirst("/", " ");
    }
  }

  Step {
    if (!COMMANDS.contains(verb) && !EVENTS.contains(verb)) {
      throw new IllegalArgumentException("no such step: " + verb);
    }
    arguments = List.copyOf(arguments);
  }

  static Step parse(String line) {
    List<String> words = new ArrayList<>(Arrays.asList(line.strip().split("\\s+")));
    int kill = words.indexOf("kill");
    Optional<Kill> when = Optional.empty();
    if (kill > 0) {
      when = Optional.of(new Kill(words.get(kill + 1)));
      words.subList(kill, kill + 2).clear();
    }
    return new Step(words.get(0), words.subList(1, words.size()), when);
  }

  /** Whether it is one of our commands, and not something that happens to the source. */
  boolean isCommand() {
    return COMMANDS.contains(verb);
  }

  String argument(int index) {
    return arguments.get(index);
  }

  int number(int index) {
    return Integer.parseInt(argument(index));
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(arguments);
    kill.ifPresent(when -> words.addAll(List.of("kill", when.at())));
    return String.join(" ", words);
  }
}
