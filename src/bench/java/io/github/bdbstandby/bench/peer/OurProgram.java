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
public record OurProgram(boolean update, Access access) implements Peer {
  /** The installed launcher; without it, the classes as they were compiled. */
  private static final String PROGRAM = System.getProperty("bdbstandby.bench.program");

  @Override
  public String name() {
    return "ours-cli";
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    ProcessBuilder program = program(source, backup);
    return Stopwatch.seconds(() -> Programs.run(program));
  }

  /** The program, not started. */
  public ProcessBuilder program(Path source, Path backup, String... javaOptions) {
    List<String> words = new ArrayList<>();
    words.addAll(
        update
            ? List.of("sync", "--standby", backup.toString())
            : List.of("snapshot", "--home", source.toString(), "--standby", backup.toString()));
    words.addAll(access.options());
    return program(words, javaOptions);
  }

  /** Any command of the program, not started. */
  public static ProcessBuilder program(List<String> words, String... javaOptions) {
    List<String> command = new ArrayList<>();
    if (PROGRAM != null) {
      command.add(PROGRAM);
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(Arrays.asList(javaOptions));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add("io.github.bdbstandby.cli.Main");
    }
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("BDB_STANDBY_JAVA_OPTS", String.join(" ", javaOptions));
    return builder;
  }
}
