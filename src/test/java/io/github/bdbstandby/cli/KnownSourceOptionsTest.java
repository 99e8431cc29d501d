package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  /** A standby that remembers data1 and logs; the databases lie in data2 now. */
  private void moveDatabases() throws Exception {
    Writer.init(home, "--types", "btree", "--data-dir", "data1", "--log-dir", "logs");
    Object[] snapshot = {"snapshot", "--home", home, "--standby", standby};
    String[] directories = {"--data-dir", "data1", "--log-dir", "logs"};
    Cli.json(Stream.concat(Stream.of(snapshot), Stream.of(directories)).toArray()).good();
    Writer.run("remove-environment", home, "--force");
    Files.move(home.resolve("data1"), home.resolve("data2"));
    Outcome untold = Cli.json("sync", "--standby", standby);
    assertThat(untold.code()).as("%s", untold).isNotZero();
  }

  @Test
  void directoriesWithoutTheHome() throws Exception {
    moveDatabases();
    Outcome told = Cli.json("sync", "--standby", standby, "--data-dir", "data2");
    told.good();
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
