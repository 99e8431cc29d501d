package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories with databases in them that the application has made and removed. */
final class GoneDirectoryTest {
  @TempDir Path work;

  private Path home;
  private Path standby;

  /** One that comes and goes: the log goes on to name it. */
  private void comeAndGo() throws Exception {
    Path day = Files.createDirectories(home.resolve("day"));
    String database = "day/x.db";
    Writer.run("create", home, "--db", database);
    assertThat(day.resolve("x.db")).exists();
    Writer.run("remove", home, "--db", database);
    Files.delete(day);
  }

  private void source() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
  }

  private void assertFollowed() throws Exception {
    Cli.json("sync", "--standby", standby).good();
    Cli.json("verify", "--standby", standby, "--drill").good();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror", "flat"})
  void sinceTheSnapshot(String layout) throws Exception {
    source();
    Cli.json("snapshot", "--home", home, "--standby", standby, "--layout", layout).good();
    comeAndGo();
    assertFollowed();
  }

  @Test
  void inTheLogOfASnapshot() throws Exception {
    source();
    comeAndGo();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertFollowed();
  }

  @Test
  void inAStandbyThatIsReachedByALink() throws Exception {
    source();
    Files.createSymbolicLink(standby, Files.createDirectories(work.resolve("real")));
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    comeAndGo();
    assertFollowed();
  }

  @Test
  void beforeAFailover() throws Exception {
    source();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    comeAndGo();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  /** Recovery would panic over either, and there would be no standby any more. */
  @Test
  void whoseNameADatabaseTakes() throws Exception {
    source();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    comeAndGo();
    Writer.run("create", home, "--db", "day");
    Refusal.leaving(standby)
        .andSources(home)
        .snapshotNeeded(
            "sync", "unresolved-database", "day", () -> Cli.json("sync", "--standby", standby));
    Path fresh = work.resolve("fresh");
    Outcome refused = Cli.json("snapshot", "--home", home, "--standby", fresh);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.json().path("reason").asText()).isEqualTo("unresolved-database");
    assertThat(fresh).doesNotExist();
    Writer.work(home, 1500);
    Writer.run("checkpoint", home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertFollowed();
  }
}
