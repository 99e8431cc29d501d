package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ours from the command line.
 *
 * @param update whether it is {@code sync}, or else {@code snapshot}
 */
public record OurProgram(boolean update) implements Peer {
  /** The installed launcher; without it, the classes as they were compiled. */
  private static final String PROGRAM = System.getProperty("bdbstandby.bench.program");

  @Override
  public String name() {
    return "ours-cli";
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    List<String> command = update ? command("sync", "--standby", backup) : snapshot(source, backup);
    return Stopwatch.seconds(() -> Programs.run(command));
  }

  static List<String> snapshot(Path source, Path backup) {
    return command("snapshot", "--home", source, "--standby", backup);
  }

  /** What starts a command. */
  public static List<String> command(Object... words) {
    List<String> command = new ArrayList<>();
    if (PROGRAM != null) {
      command.add(PROGRAM);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add("io.github.bdbstandby.cli.Main");
    }
    Arrays.stream(words).map(Object::toString).forEach(command::add);
    return command;
  }
}
