package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sync} and {@code follow} are told of a source that the standby knows. */
final class KnownSourceOptionsTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  @Test
  void passwordFromAPipe() throws Exception {
    Environments.init("encrypted", home);
    Path password = Environments.passwordFile(home);
    Cli.json("snapshot", "--home", home, "--standby", standby, "--password-file", password).good();
    String script = "exec \"$@\" --password-file <(cat '" + password + "')";
    List<String> prefix = List.of("bash", "-c", script, "bash");
    Cli.jsonBy(prefix, "sync", "--standby", standby, "--home", home).good();
    try (Child follow =
        Cli.startBy(prefix, "follow", "--standby", standby, "--home", home, "--json")) {
      follow.awaitLine("{\"command\":\"follow\"");
      assertThat(follow.stop().code()).isEqualTo(143);
    }
  }
}
