package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that the application names otherwise than it is expected. */
final class NewDirectoryTest {
  @TempDir Path work;

  /** A data directory that its code names since the snapshot, and that sync is told of. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNewDataDirectoryIsKnownToRecovery(boolean hasConfig) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--data-dir", "data1");
    if (hasConfig) {
      Files.writeString(home.resolve("DB_CONFIG"), "# nothing of use\n");
    }
    String[] one = {"--data-dir", "data1"};
    Cli.json("snapshot", "--home", home, "--standby", standby, one[0], one[1]).good();
    Cli.json("sync", "--standby", standby).good();
    Files.createDirectory(home.resolve("data2"));
    Writer.run("create", home, "--db", "x.db", "--data-dir", "data2", "--data-dir", "data1");
    assertThat(home.resolve("data2/x.db")).exists();
    assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(4);
    List<Object> told = new ArrayList<>(List.of("sync", "--standby", standby));
    told.addAll(List.of(one[0], "data1", one[0], "data2"));
    if (hasConfig) {
      told.addAll(List.of("--home", home)); // else the one that it was made from
    }
    Cli.json(told.toArray()).good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("count", standby, "--db", "x.db", one[0], "data2").toString())
        .contains("100");
    assertThat(standby.resolve("DB_CONFIG")).content().contains("data2");
  }

  /**
   * Its databases were made in the log that a snapshot needs, but recovery has no place for them.
   */
  @Test
  void aDataDirectoryThatIsAwayIsMissed() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--config", "add_data_dir data");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    try (Child application = Writer.idle(home)) {
      Files.move(home.resolve("data"), work.resolve("away"));
      Outcome snapshot = Cli.json("snapshot", "--home", home, "--standby", standby);
      assertThat(snapshot.code()).as("%s", snapshot).isEqualTo(3);
      assertThat(snapshot.json().path("reason").asText()).isEqualTo("unresolved-database");
      Files.move(work.resolve("away"), home.resolve("data"));
      application.stop();
    }
    Cli.json("sync", "--standby", standby).good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** The log is the log, however its directory is spelled. */
  @Test
  void aLogDirectoryWithADotIsNotTheApplicationsOwn() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Files.createDirectories(home.resolve("logs"));
    Writer.init(home, "--types", "btree", "--config", "set_lg_dir ./logs");
    Writer.work(home, 300);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 30);
    Cli.json("sync", "--standby", standby).good();
    assertThat(ManifestFile.ofStandby(new StandbyDirectory(standby)).files())
        .allSatisfy(
            (name, file) ->
                assertThat(file.kind().equals(Manifest.FileAtRest.OTHER) && name.contains("log."))
                    .as(name)
                    .isFalse());
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }
}
