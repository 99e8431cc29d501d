package io.github.bdbstandby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The module, required by an application that is one too: compiled against it and run in a JVM of
 * its own, with nothing on the class path. And the same application on the class path.
 */
final class ModuleTest {
  /** What the library needs, and nothing of what only the program does. */
  private static final String LIBRARY =
      "classes|(jna|commons-io|jackson-\\w+|slf4j-api|HdrHistogram|LatencyUtils"
          + "|micrometer-(core|commons|observation))-[0-9.]+jar|db\\.jar";

  private static final String PROGRAM =
      LIBRARY
          + "|(picocli|progressbar|jline-\\w+|logback-\\w+|prometheus-[a-z-]+"
          + "|micrometer-registry-prometheus)-[0-9.]+jar";

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path consumer;

  @BeforeEach
  void environment() throws Exception {
    home = work.resolve("orders");
    standby = work.resolve("standby");
    consumer = work.resolve("keeper");
    Writer.init(home);
    Writer.work(home, 300);
    compile();
  }

  private void compile() throws Exception {
    List<String> words = new ArrayList<>(List.of("-Xlint:all,-requires-automatic", "-Werror"));
    words.addAll(List.of("-d", consumer.toString(), "--module-path", path(LIBRARY)));
    try (Stream<Path> files = Files.walk(Path.of("src/examples/module"))) {
      files.filter(Files::isRegularFile).map(Path::toString).forEach(words::add);
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, words.toArray(String[]::new)))
        .isZero();
  }

  /** What of our own class path is called so. */
  private static String path(String names) {
    Pattern wanted = Pattern.compile(names);
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(each -> wanted.matcher(Path.of(each).getFileName().toString()).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Child.Ended java(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-Djava.io.tmpdir=" + work));
    command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    command.addAll(List.of(words));
    try (Child child = Child.start(new ProcessBuilder(command))) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      assertThat(ended.out()).doesNotContain("FATAL ERROR in native");
      return ended;
    }
  }

  private void promoted(Child.Ended ended, String module) throws Exception {
    assertThat(ended.out().lines())
        .anyMatch(line -> line.startsWith("module " + module))
        .contains("promoted promoted");
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ByPath", "Attached"})
  void anApplicationThatIsAModule(String program) throws Exception {
    promoted(
        java(
            "-Xcheck:jni",
            "--module-path",
            consumer + File.pathSeparator + path(LIBRARY),
            "--module",
            "orders.keeper/orders.keeper." + program,
            home.toString(),
            standby.toString()),
        "module io.github.bdbstandby");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ByPath", "Attached"})
  void theSameOnTheClassPath(String program) throws Exception {
    promoted(
        java(
            "-Xcheck:jni",
            "-cp",
            consumer + File.pathSeparator + path(LIBRARY),
            "orders.keeper." + program,
            home.toString(),
            standby.toString()),
        "unnamed module");
  }

  /** It is not how the program is started, but nothing in the module keeps it from that. */
  @Test
  void theProgramOfTheModule() throws Exception {
    assertThat(program("--version").out().lines())
        .first()
        .isEqualTo("bdb-standby " + System.getProperty("bdbstandby.version"));
    Child.Ended ended = program("snapshot", "--home", home, "--standby", standby, "--json");
    assertThat(ended.err()).isEmpty(); // by the program's own configuration of logging
    assertThat(ended.out()).startsWith("{").hasLineCount(1);
    assertThat(program("verify", "--standby", standby).err()).isEmpty();
  }

  private Child.Ended program(Object... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("--module-path", path(PROGRAM)));
    all.addAll(List.of("--add-modules", "ALL-MODULE-PATH", "--module"));
    all.add("io.github.bdbstandby/io.github.bdbstandby.cli.Main");
    Stream.of(words).map(Object::toString).forEach(all::add);
    return java(all.toArray(String[]::new));
  }
}
