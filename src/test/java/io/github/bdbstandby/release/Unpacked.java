package io.github.bdbstandby.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Debian package unpacked in a directory, and the programs in it. Nothing of the checkout is in
 * their reach.
 *
 * @param root where it is unpacked
 * @param work where they run
 * @param emulator before a program of another architecture; empty for the machine's own
 * @param variables for the launcher
 */
record Unpacked(Path root, Path work, List<String> emulator, Map<String, String> variables) {

  static final String VERSION = System.getProperty("bdbstandby.version");

  static Unpacked of(
      String architecture, Path work, List<String> emulator, Map<String, String> variables)
      throws Exception {
    Path file =
        Path.of(
            System.getProperty("bdbstandby.release"),
            "bdb-standby_" + VERSION + "_" + architecture + ".deb");
    Path root = work.resolve("root");
    run(new ProcessBuilder("dpkg-deb", "-x", file.toString(), root.toString()));
    return new Unpacked(root, work, emulator, variables);
  }

  /** Runs to a good end. */
  static Child.Ended run(ProcessBuilder builder) throws Exception {
    try (Child child = Child.start(builder)) {
      Child.Ended ended = child.await();
      if (ended.code() != 0) {
        throw new IOException(builder.command() + ": " + ended);
      }
      return ended;
    }
  }

  Path file(String name) {
    return root.resolve(name);
  }

  /** The launcher. */
  Child.Ended program(Object... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(file("usr/bin/bdb-standby").toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return run(surroundings(command));
  }

  /** The launcher with {@code --json}. */
  JsonNode json(Object... words) throws Exception {
    Object[] all = new Object[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--json";
    return new ObjectMapper().readTree(program(all).out());
  }

  /** The application, from the package's own jar. */
  ProcessBuilder writer(String prefix, Object... words) throws Exception {
    Path writer = work.resolve("bdb-writer");
    if (!Files.exists(writer)) {
      Path jar = file("usr/lib/bdb-standby/bdb-standby.jar");
      run(
          new ProcessBuilder("jar", "xf", jar.toString(), prefix + "/bdb-writer")
              .directory(work.toFile()));
      Files.move(work.resolve(prefix).resolve("bdb-writer"), writer);
      if (!writer.toFile().setExecutable(true)) {
        throw new IOException(writer + ": not executable");
      }
    }
    List<String> command = new ArrayList<>(emulator);
    command.add(writer.toString());
    for (Object word : words) {
      command.add(word.toString());
    }
    return surroundings(command);
  }

  private ProcessBuilder surroundings(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", work.toString());
    builder
        .environment()
        .put("BDB_STANDBY_JAVA_OPTS", "-Xmx256m -Djava.io.tmpdir=" + work.toAbsolutePath());
    builder.environment().putAll(variables);
    return builder;
  }

  /** The main job, beside an application at work that is killed. */
  JsonNode takeOver(String prefix) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Path acknowledged = work.resolve("acknowledged");
    run(writer(prefix, "init", "--home", home, "--accounts", 40, "--log-size", 131072));
    ProcessBuilder application =
        writer(prefix, "run", "--home", home, "--seconds", 0, "--rate", 300, "--sync");
    application.command().addAll(List.of("--checkpoint-ms", "200", "--ack"));
    application.command().add(acknowledged.toString());
    try (Child running = Child.start(application)) {
      running.awaitLine("ready");
      json("snapshot", "--home", home, "--standby", standby);
      json("sync", "--standby", standby);
      running.kill();
    }
    json("failover", "--standby", standby);
    Child.Ended checked = run(writer(prefix, "check", "--home", standby, "--ack", acknowledged));
    return new ObjectMapper().readTree(checked.lastLine());
  }
}
