package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of pages that libdb's cache has put into files: without that cache they are nothing. */
final class FrozenVersionsTest {
  private static final String KINDS = System.getProperty("bdbstandby.kinds");

  @TempDir Path work;

  @Test
  void areNotCopied() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Run.of(KINDS, "mvcc-frozen", "init", "--home", home.toString()).good();
    List<String> run = List.of(KINDS, "mvcc-frozen", "run", "--home", home.toString());
    try (Busy busy = Busy.start(run)) {
      while (frozen(home).isEmpty()) {
        busy.assertAlive();
        Busy.pause(20);
      }
      busy.kill();
    }
    assertThat(frozen(home)).isNotEmpty();
    assertThat(
            Cli.json("snapshot", "--home", home, "--standby", standby, "--dry-run")
                .good()
                .toString())
        .contains("records.db")
        .doesNotContain("__db.freezer.");
  }

  private static List<Path> frozen(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("__db.freezer."))
          .toList();
    }
  }
}
