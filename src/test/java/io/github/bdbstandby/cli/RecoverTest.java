package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recovery of a directory, and of no directory that somebody has open. */
final class RecoverTest {
  @TempDir Path work;
  private Path home;

  @BeforeEach
  void places() {
    home = work.resolve("home");
  }

  @Test
  void liveHome() throws Exception {
    Writer.init(home, "--types", "btree");
    try (Child application = Writer.idle(home)) {
      for (String[] kind : List.of(new String[] {"--json"}, new String[] {"--json", "--normal"})) {
        Refusal.leaving(home)
            .refused(
                "recover",
                "locked",
                application.pid(),
                () ->
                    kind.length == 1
                        ? Cli.run("recover", "--home", home, kind[0])
                        : Cli.run("recover", "--home", home, kind[0], kind[1]));
      }
      assertThat(application.stop().code()).isZero();
    }
    Writer.run("check", home);
  }

  @Test
  void livePrivateHome() throws Exception {
    Writer.init(home, "--types", "btree", "--private");
    try (Child application = Writer.idle(home)) {
      Refusal.leaving(home)
          .refused(
              "recover", "locked", application.pid(), () -> Cli.json("recover", "--home", home));
      assertThat(application.stop().code()).isZero();
    }
  }

  /** Of such an environment nobody has a file of the home's open. */
  @Test
  void livePrivateHomeWithItsDirectoriesElsewhere() throws Exception {
    Path logs = Files.createDirectory(work.resolve("logs"));
    Path data = Files.createDirectory(work.resolve("data"));
    String config = "set_lg_dir " + logs + "\nadd_data_dir " + data;
    Writer.init(home, "--types", "btree", "--private", "--config", config);
    try (Child application = Writer.idle(home)) {
      Refusal.leaving(work)
          .refused(
              "recover", "locked", application.pid(), () -> Cli.json("recover", "--home", home));
      assertThat(application.stop().code()).isZero();
    }
    Path pipe = data.resolve("pipe.db");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Refusal.leaving(work)
        .refused("recover", "damaged", pipe, () -> Cli.json("recover", "--home", home));
    Refusal.leaving(work)
        .refused("list", "damaged", pipe, () -> Cli.json("list", "--home", home, "--databases"));
    Files.delete(pipe);
    Cli.json("recover", "--home", home).good();
    Writer.run("check", home);
  }

  @ParameterizedTest
  @ValueSource(strings = {"btree", "mixed", "data-dirs-config", "encrypted"})
  void crashedHomeWithItsRegions(String environment) throws Exception {
    Environments.init(environment, home);
    Path acknowledged = work.resolve("acknowledged");
    try (Child application =
        Writer.start(home, "--seconds", "0", "--sync", "--ack", acknowledged.toString())) {
      application.kill();
    }
    assertThat(home.resolve("__db.001")).exists();
    for (String kind : List.of("catastrophic", "normal")) {
      Path copy = work.resolve(kind);
      Tree.copyAll(home, copy);
      Object[] words = {
        "recover",
        "--home",
        copy,
        kind.equals("normal") ? "--normal" : "-v",
        "--password-file",
        Environments.passwordFile(home)
      };
      Object[] plain = java.util.Arrays.copyOf(words, 4);
      JsonNode json = Cli.json(environment.equals("encrypted") ? words : plain).good();
      assertThat(json.path("kind").asText()).isEqualTo(kind);
      assertThat(json.path("home").asText()).isEqualTo(copy.toString());
      assertThat(json.path("recoveredTo").path("offset").asLong()).isPositive();
      Writer.run("check", copy);
      Writer.work(copy, 50, "--recover");
      Writer.run("check", copy);
    }
  }

  @Test
  void nothingToRecover() throws Exception {
    Refusal.leaving(home)
        .refused("recover", "no-environment", home, () -> Cli.json("recover", "--home", home));
    Files.createDirectory(home);
    Refusal.leaving(home)
        .refused("recover", "no-environment", home, () -> Cli.json("recover", "--home", home));
  }

  @Test
  void passwordsThatDoNotFit() throws Exception {
    Environments.init("encrypted", home);
    Path wrong = Files.writeString(work.resolve("wrong"), "open barley\n");
    Refusal.leaving(home)
        .refused("recover", "wrong-password", home, () -> Cli.json("recover", "--home", home));
    Refusal.leaving(home)
        .refused(
            "recover",
            "wrong-password",
            "",
            () -> Cli.json("recover", "--home", home, "--password-file", wrong));
    Cli.json("recover", "--home", home, "--password-file", Environments.passwordFile(home)).good();
    Writer.run("check", home);
  }
}
