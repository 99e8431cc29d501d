package io.github.bdbstandby.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java machine of its own, with this one's class path and libraries. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * The command of one.
   *
   * @param temporary its directory for temporary files, and for a crash's report
   * @param options of the machine: {@code -Xmx64m}
   */
  public static ProcessBuilder of(
      Class<?> main, Path temporary, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-XX:ErrorFile=" + temporary.resolve("hs_err.log"));
    for (String property :
        List.of(
            "java.library.path",
            "bdbstandby.library",
            "bdbstandby.writer",
            "bdbstandby.examples.library",
            "bdbstandby.allocating.library",
            "bdbstandby.leaks.library")) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
