package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A snapshot or a sync that is killed at one of its steps, beside one that is not. */
final class KilledCommand {
  private KilledCommand() {}

  /** A directory as it lies there, to be worked on in its place. */
  static Path copy(Path from, Path to) throws IOException {
    Tree.copyAll(from, to);
    return to;
  }

  /** What was done between the writing of two of our files. */
  static List<Point> steps(Trace trace, String first, String last) {
    String begin = "rename standby/" + first;
    List<Point> points = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String operation : trace.operations()) {
      Point point = new Point(operation, seen.merge(operation, 1, Integer::sum));
      if (seen.containsKey(begin)) {
        points.add(point);
      }
      if (operation.equals("rename standby/" + last)) {
        break;
      }
    }
    return points;
  }

  /** Runs it, and sees that it ended as it should. */
  static Trace run(String command, Path home, Path standby, Path trace, Optional<Point> point)
      throws Exception {
    Files.deleteIfExists(trace);
    Map<String, String> variables =
        Struck.variables("standby=" + standby, trace, point, point.map(at -> Action.KILL_BEFORE));
    try (Child child =
        command.equals("snapshot")
            ? Cli.start(variables, standby, command, "--home", home, "--standby", standby, "--json")
            : Cli.start(variables, standby, command, "--standby", standby, "--json")) {
      Child.Ended ended = child.await();
      assertThat(ended.code())
          .as("%s: %s", point, ended)
          .isEqualTo(point.isPresent() ? 128 + 9 : 0);
    }
    return Trace.read(trace);
  }
}
