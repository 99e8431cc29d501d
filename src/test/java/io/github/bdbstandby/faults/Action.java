package io.github.bdbstandby.faults;

import java.util.Arrays;
import java.util.List;

/** What happens at a point. */
enum Action {
  KILL_BEFORE("kill-before", true),
  KILL_MIDWAY("kill-midway", true),
  KILL_AFTER("kill-after", true),
  NO_SPACE("enospc", false),
  NO_SPACE_FROM_NOW_ON("enospc-on", false),
  IO_ERROR("eio", false),
  IO_ERROR_FROM_NOW_ON("eio-on", false);

  /** Operations that take room on a disk. */
  private static final List<String> GROWING = List.of("write", "create", "allocate", "mkdir");

  private final String word;
  private final boolean kills;

  Action(String word, boolean kills) {
    this.word = word;
    this.kills = kills;
  }

  /** As the library knows it. */
  String word() {
    return word;
  }

  /** Whether the process ends there and then. */
  boolean kills() {
    return kills;
  }

  /** Those that can happen to an operation of this name. */
  static List<Action> of(Point point) {
    String operation = point.operation();
    return Arrays.stream(values())
        .filter(action -> action != KILL_MIDWAY || operation.equals("write"))
        .filter(
            action ->
                (action != NO_SPACE && action != NO_SPACE_FROM_NOW_ON)
                    || GROWING.contains(operation))
        .toList();
  }
}
