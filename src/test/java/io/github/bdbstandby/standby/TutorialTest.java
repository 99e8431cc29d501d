package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Writer;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tutorial, as it stands there: compiled and run. */
final class TutorialTest {
  private static final Pattern BLOCK =
      Pattern.compile("## The library\\s+```java\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path work;

  @Test
  void theTutorialWorks() throws Exception {
    Path home = work.resolve("orders");
    Path standby = work.resolve("standby");
    Writer.init(home);
    Writer.work(home, 300);
    Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();
    String code =
        block
            .group(1)
            .replace("/data/orders", home.toString())
            .replace("/backup/orders", standby.toString());
    Path source = work.resolve("Tutorial.java");
    Files.writeString(
        source,
        "import io.github.bdbstandby.standby.*;\nimport java.nio.file.Path;\n"
            + "public class Tutorial {\n  public static void run() {\n"
            + code
            + "  }\n}\n");
    String path = System.getProperty("java.class.path");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", work.toString(), "-cp", path, source.toString());
    assertThat(compiled).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {work.toUri().toURL()})) {
      loader.loadClass("Tutorial").getMethod("run").invoke(null);
    }
    assertThat(Cli.json("status", "--standby", standby).good().path("state").asText())
        .isEqualTo("promoted");
    assertThat(Writer.run("check", standby).path("journal"))
        .isEqualTo(Writer.run("check", home).path("journal"));
  }
}
