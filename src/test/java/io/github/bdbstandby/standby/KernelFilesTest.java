package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links in a home to files of the kernel's: of no size, and not to be read as others are. */
final class KernelFilesTest {
  /** Else what waits for a line of the kernel's would wait for ever. */
  private static final List<String> LIMIT = List.of("timeout", "-s", "KILL", "300");

  @TempDir Path work;

  @Test
  void theyAreEmptyToEveryCommand() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Files.createSymbolicLink(home.resolve("messages"), Path.of("/proc/kmsg")); // waits
    Files.createSymbolicLink(home.resolve("memory"), Path.of("/proc/self/mem")); // fails
    Cli.jsonBy(LIMIT, "snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 20);
    Cli.jsonBy(LIMIT, "sync", "--standby", standby).good();
    for (String name : List.of("messages", "memory")) {
      assertThat(standby.resolve(name)).isRegularFile().isEmptyFile();
    }
    Cli.jsonBy(LIMIT, "failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }
}
