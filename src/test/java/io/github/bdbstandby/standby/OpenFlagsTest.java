package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DB_CONFIG that adds flags to whoever opens the environment. */
final class OpenFlagsTest {
  private static final String REGISTER = "set_open_flags DB_REGISTER on";

  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private void refused(String flag) throws Exception {
    Refusal.leaving(standby)
        .andSources(home)
        .refused(
            "snapshot",
            "no-environment",
            flag,
            () -> Cli.json("snapshot", "--home", home, "--standby", standby));
  }

  @Test
  void nobodyRegistersForUs() throws Exception {
    Writer.init(home, "--types", "btree");
    Files.writeString(home.resolve("DB_CONFIG"), REGISTER + "\n");
    try (Child application = Writer.idle(home, "--recover")) {
      refused("DB_REGISTER");
      byte[] registered = Files.readAllBytes(home.resolve("__db.register"));
      Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
      Cli.json("sync", "--standby", standby, "--passive").good();
      assertThat(home.resolve("__db.register")).hasBinaryContent(registered);
      application.kill();
    }
    assertPromoted(REGISTER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DB_REGISTER", "DB_INIT_REP"})
  void aSourceAtRestIsReadByItsFiles(String flag) throws Exception {
    Writer.init(home, "--types", "btree");
    removeRegions();
    String line = "set_open_flags " + flag + " on";
    Files.writeString(home.resolve("DB_CONFIG"), line + "\n");
    refused(flag);
    Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
    Cli.json("sync", "--standby", standby, "--passive").good();
    assertPromoted(line);
  }

  /** Killed when it had put the DB_CONFIG in place that the primary has. */
  @Test
  void aFailoverThatWasKilledIsDoneAgain() throws Exception {
    Writer.init(home, "--types", "btree");
    Files.writeString(home.resolve("DB_CONFIG"), REGISTER + "\n");
    Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
    Files.writeString(standby.resolve("DB_CONFIG"), REGISTER + "\n");
    assertThat(Cli.json("verify", "--standby", standby).code()).isZero();
    assertPromoted(REGISTER);
  }

  @Test
  void orNotDoneAgainButSynced() throws Exception {
    Writer.init(home, "--types", "btree");
    Files.writeString(home.resolve("DB_CONFIG"), REGISTER + "\n");
    Cli.json("snapshot", "--home", home, "--standby", standby, "--passive").good();
    Cli.json("sync", "--standby", standby, "--passive").good();
    Files.writeString(standby.resolve("DB_CONFIG"), REGISTER + "\n");
    Writer.work(home, 20, "--recover");
    Cli.json("sync", "--standby", standby, "--passive").good();
    assertThat(standby.resolve("DB_CONFIG")).isEmptyFile();
    assertPromoted(REGISTER);
  }

  private void assertPromoted(String line) throws Exception {
    Cli.json("verify", "--standby", standby, "--drill").good();
    Cli.json("failover", "--standby", standby).good();
    Path config = standby.resolve("DB_CONFIG");
    assertThat(Files.readAllLines(config)).isEqualTo(List.of(line));
    Files.delete(config); // the check opens it privately
    assertThat(Writer.run("check", standby).path("ok").asBoolean()).isTrue();
  }

  private void removeRegions() throws IOException {
    try (DirectoryStream<Path> regions = Files.newDirectoryStream(home, "__db.*")) {
      for (Path region : regions) {
        Files.delete(region);
      }
    }
  }
}
