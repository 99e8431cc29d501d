package io.github.bdbstandby.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is run while a fault happens. */
enum Command {
  /** A snapshot where there was nothing. */
  FIRST,
  /** A snapshot over a standby. */
  OVER,
  SYNC,
  FOLLOW,
  FAILOVER;

  /** Its name with the procedure: each has points of its own. */
  String of(Scene scene) {
    return name().toLowerCase(Locale.ROOT) + " (" + scene.procedure().word() + ")";
  }

  /** The words of the command line. */
  Object[] words(Scene scene, Path subject) {
    return switch (this) {
      case FIRST, OVER -> snapshot(scene, subject);
      case SYNC -> new Object[] {"sync", "--standby", subject, "--json"};
      case FOLLOW ->
          new Object[] {
            "follow",
            "--standby",
            subject,
            "--json",
            "--interval",
            "150ms",
            "--ship-interval",
            "40ms"
          };
      case FAILOVER -> new Object[] {"failover", "--standby", subject, "--json"};
    };
  }

  private static Object[] snapshot(Scene scene, Path subject) {
    List<Object> words =
        new ArrayList<>(List.of("snapshot", "--home", scene.home(), "--standby", subject));
    words.addAll(List.of("--procedure", scene.procedure().word(), "--json"));
    if (scene.isArchiving()) {
      words.addAll(List.of("--archive", scene.archive()));
    }
    return words.toArray();
  }
}
