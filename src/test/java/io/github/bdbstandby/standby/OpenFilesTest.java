package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which process has a file open, while it goes on working. */
final class OpenFilesTest {
  private static final int LOOKS = 100;

  @TempDir Path work;

  private Child holding(Path file) throws Exception {
    Child child =
        Child.start(
            new ProcessBuilder(
                "bash", "-c", "exec 9<\"$0\"; echo ready; read -r end", file.toString()));
    child.awaitLine("ready");
    return child;
  }

  /** Such as an application that takes connections. */
  @Test
  void aProcessIsSeenThatOpensAndClosesOthersMeanwhile() throws Exception {
    Path database = Files.createDirectory(work.resolve("home")).resolve("a.db");
    String script =
        "exec 9>>\"$0\"; echo ready; while :; do exec 7</dev/null 8</dev/null 7<&- 8<&-; done";
    try (Child application =
        Child.start(new ProcessBuilder("bash", "-c", script, database.toString()))) {
      application.awaitLine("ready");
      Optional<OpenFiles.User> user =
          Optional.of(new OpenFiles.User(application.pid(), database.toRealPath()));
      for (int look = 0; look < LOOKS; look++) {
        assertThat(OpenFiles.writerBelow(database.getParent())).as("look %s", look).isEqualTo(user);
        assertThat(OpenFiles.below(database.getParent())).as("look %s", look).isEqualTo(user);
      }
    }
  }

  /** Who looks at DB_CONFIG does not use the environment, and hides nobody who does. */
  @Test
  void theConfigurationIsPassedOver() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree", "--private", "--config", "set_cachesize 0 1048576 1");
    Path standby = work.resolve("standby");
    try (Child reader = holding(home.resolve("DB_CONFIG"))) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Cli.json("sync", "--standby", standby).good();
      try (Child application = Writer.idle(home)) {
        Refusal.leaving(home, standby)
            .refused(
                "sync",
                "private-environment",
                application.pid(),
                () -> Cli.json("sync", "--standby", standby));
        assertThat(reader.isAlive()).isTrue();
      }
    }
  }

  /** An application has open what links in the home lead to. */
  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "recover"})
  void whatLinksLeadToIsTheHomes(String command) throws Exception {
    Path home = work.resolve("home");
    String[] directories = {"--config", "set_lg_dir logs", "--config", "set_data_dir data"};
    Writer.init(
        home, Stream.concat(Stream.of("--private"), Stream.of(directories)).toArray(String[]::new));
    for (String directory : List.of("logs", "data")) {
      Path elsewhere = Files.move(home.resolve(directory), work.resolve("disk-" + directory));
      Files.createSymbolicLink(home.resolve(directory), elsewhere);
    }
    Path standby = work.resolve("standby");
    Object[] words =
        command.equals("snapshot")
            ? new Object[] {command, "--home", home, "--standby", standby}
            : new Object[] {command, "--home", home};
    try (Child application = Writer.idle(home)) {
      Refusal.leaving(work)
          .refused(
              command,
              command.equals("snapshot") ? "private-environment" : "locked",
              application.pid(),
              () -> Cli.json(words));
      assertThat(application.stop().code()).isZero();
    }
    Cli.json(words).good();
  }

  /**
   * What else they lead to may be open for good: a dead environment can be recovered all the same.
   */
  @Test
  void aFileOfAnotherKindThatALinkLeadsToIsNot() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Path messages = Files.writeString(work.resolve("messages"), "started\n");
    Files.createSymbolicLink(home.resolve("messages"), messages);
    try (Child reader = holding(messages)) {
      Cli.json("recover", "--home", home).good();
      assertThat(reader.isAlive()).isTrue();
    }
  }
}
