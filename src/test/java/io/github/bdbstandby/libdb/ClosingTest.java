package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that closes its environment under our calls: an exception each time, never a
 * crash.
 */
final class ClosingTest {

  private static final int CALLERS = 10;

  @TempDir Path temp;

  @Test
  void atAnyMoment() throws Exception {
    close(60, Tools.SECONDS);
  }

  @Test
  @Tag("soak")
  void atManyMoments() throws Exception {
    close(5_000, 1_800);
  }

  private void close(int rounds, long seconds) throws Exception {
    Path home = Files.createDirectory(temp.resolve("home"));
    Tools.Result result =
        Tools.run(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xcheck:jni",
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temp,
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-XX:ErrorFile=" + temp.resolve("hs_err.log"),
                "-Dbdbstandby.examples.library="
                    + System.getProperty("bdbstandby.examples.library"),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ClosingMain.class.getName(),
                home.toString(),
                String.valueOf(rounds),
                "28"),
            seconds);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("refused " + rounds * CALLERS);
    assertThat(result.out() + result.err()).doesNotContain("FATAL ERROR in native");
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("hs_err"));
    }
  }
}
