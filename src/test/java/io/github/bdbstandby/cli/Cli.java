package io.github.bdbstandby.cli;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Redirected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands: in this JVM, or in one of their own that can be killed. */
public final class Cli {
  private Cli() {}

  /** Runs a command with {@code --json} in this JVM. */
  public static Outcome json(Object... words) throws IOException {
    Object[] all = new Object[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--json";
    return run(all);
  }

  /** Runs a command in this JVM. */
  public static Outcome run(Object... words) throws IOException {
    String[] text = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      text[i] = words[i].toString();
    }
    return Redirected.run(() -> Main.run(text));
  }

  /** Starts a command in a JVM of its own. */
  public static Child start(Object... words) throws IOException {
    return start(Map.of(), Path.of("").toAbsolutePath(), words);
  }

  /** The same, with variables and a working directory. */
  public static Child start(Map<String, String> variables, Path directory, Object... words)
      throws IOException {
    return start(List.of(), System.getProperty("java.io.tmpdir"), variables, directory, words);
  }

  /** Starts one that another program starts. */
  public static Child startBy(List<String> prefix, Object... words) throws IOException {
    return start(
        prefix,
        System.getProperty("java.io.tmpdir"),
        Map.of(),
        Path.of("").toAbsolutePath(),
        words);
  }

  /** Runs a command with {@code --json} in a JVM of its own, which another program starts. */
  public static Outcome jsonBy(List<String> prefix, Object... words) throws Exception {
    return jsonIn(Path.of(System.getProperty("java.io.tmpdir")), prefix, words);
  }

  /** The same for a user who needs a directory of their own for temporary files. */
  public static Outcome jsonIn(Path temporary, List<String> prefix, Object... words)
      throws Exception {
    Object[] all = new Object[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "--json";
    try (Child child =
        start(prefix, temporary.toString(), Map.of(), Path.of("").toAbsolutePath(), all)) {
      Child.Ended ended = child.await();
      return new Outcome(ended.code(), ended.out(), ended.err(), "");
    }
  }

  private static Child start(
      List<String> prefix,
      String temporary,
      Map<String, String> variables,
      Path directory,
      Object... words)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-Xshare:auto", "-XX:-UsePerfData"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    for (Object word : words) {
      command.add(word.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("DB_HOME");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(variables);
    return Child.start(builder);
  }
}
