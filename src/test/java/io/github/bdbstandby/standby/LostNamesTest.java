package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Log that was shipped does to names what recovery does not follow, and its source is gone: what
 * comes before can be had, with all databases.
 */
final class LostNamesTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void followed() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree,queue", "--extent", "4");
    Writer.run("create", home, "--db", "one.db");
    Writer.run("create", home, "--db", "two.db");
    Writer.run("put", home, "--db", "two.db", "--key", "more", "--value", "v");
    Writer.work(home, 1500);
    Writer.run("checkpoint", home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(standby.resolve("log.0000000001")).doesNotExist(); // which makes them anew
    Writer.work(home, 300);
  }

  private void lose() throws Exception {
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    for (LogFile log : LogFile.in(home)) {
      Path copy = incoming.resolve(log.path().getFileName());
      Files.copy(log.path(), copy, StandardCopyOption.REPLACE_EXISTING);
    }
    Tree.delete(home);
  }

  private void exchange() throws Exception {
    Writer.run("rename", home, "--db", "one.db", "--to", "passing.db");
    Writer.run("rename", home, "--db", "two.db", "--to", "one.db");
    Writer.run("rename", home, "--db", "passing.db", "--to", "two.db");
  }

  private void assertKept(long journal) throws Exception {
    assertThat(Writer.run("check", standby).path("journal").asLong()).isEqualTo(journal);
    long one = Writer.run("count", standby, "--db", "one.db").path("count").asLong();
    long two = Writer.run("count", standby, "--db", "two.db").path("count").asLong();
    assertThat(one + two).as("records of both").isEqualTo(201);
  }

  private void refusedAndGivenUp(String name) throws Exception {
    for (String each : new String[] {"--dry-run", "-v"}) {
      Refusal.leaving(standby)
          .snapshotNeeded(
              "failover",
              "unresolved-database",
              name,
              () -> Cli.json("failover", "--standby", standby, each));
    }
    JsonNode promoted = Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertThat(promoted.path("losses")).as("%s", promoted).hasSize(1);
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("unresolved-database");
    assertThat(loss.path("from")).isEqualTo(promoted.path("recoveredTo"));
  }

  /** libdb's recovery leaves its extents where they were. */
  @Test
  void aQueueWithExtents() throws Exception {
    long journal = Writer.run("check", home).path("journal").asLong();
    Writer.run("rename", home, "--db", "apart-queue-0.db", "--to", "moved.db");
    lose();
    refusedAndGivenUp("moved.db");
    assertKept(journal);
    assertThat(standby.resolve("apart-queue-0.db")).isRegularFile();
  }

  /** Where the standby is, renamings are complete that were not a record before. */
  @Test
  void nothingIsGivenUpThatTheStandbyHas() throws Exception {
    for (int i = 0; i < 4; i++) {
      Writer.run("rename", home, "--db", "one.db", "--to", "passing.db");
      Writer.run("create", home, "--db", "one.db");
      Writer.run("rename", home, "--db", "passing.db", "--to", "old" + i + ".db");
    }
    JsonNode synced = Cli.json("sync", "--standby", standby).good();
    long journal = Writer.run("check", home).path("journal").asLong();
    Writer.run("rename", home, "--db", "apart-queue-0.db", "--to", "moved.db");
    lose();
    refusedAndGivenUp("moved.db");
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("recoveredTo").path("offset").asLong())
        .isGreaterThanOrEqualTo(synced.path("recoveredTo").path("offset").asLong());
    assertKept(journal);
    assertThat(standby.resolve("old3.db")).isRegularFile();
  }

  /** Its making is what recovery can't do: nothing before that is given up. */
  @Test
  void aDirectoryWithTheNameOfADatabase() throws Exception {
    Writer.run("create", home, "--db", "day");
    Writer.run("remove", home, "--db", "day");
    Writer.work(home, 300);
    long journal = Writer.run("check", home).path("journal").asLong();
    Files.createDirectory(home.resolve("day"));
    Writer.run("create", home, "--db", "day/x.db");
    lose();
    refusedAndGivenUp("day");
    assertKept(journal);
  }

  /** A sync would remove that log first. */
  @Test
  void logThatIsNotNeededIsInNobodysWay() throws Exception {
    Writer.run("create", home, "--db", "day");
    Writer.run("remove", home, "--db", "day");
    for (int i = 0; i < 3; i++) {
      Writer.work(home, 600);
      Writer.run("checkpoint", home);
    }
    Cli.json("sync", "--standby", standby).good();
    Files.createDirectory(home.resolve("day"));
    Writer.run("create", home, "--db", "day/x.db");
    long journal = Writer.run("check", home).path("journal").asLong();
    lose();
    assertThat(Cli.json("failover", "--standby", standby).good().has("losses")).isFalse();
    assertKept(journal);
    assertThat(standby.resolve("day/x.db")).isRegularFile();
  }

  @Test
  void whatChangedPlacesIsFollowed() throws Exception {
    exchange();
    Cli.json("sync", "--standby", standby).good();
    exchange();
    Writer.work(home, 300);
    long journal = Writer.run("check", home).path("journal").asLong();
    lose();
    assertThat(Cli.json("failover", "--standby", standby).good().has("losses")).isFalse();
    assertKept(journal);
  }

  @Test
  void aDatabaseWithTheNameOfADirectory() throws Exception {
    Files.createDirectory(home.resolve("day"));
    Writer.run("create", home, "--db", "day/x.db");
    Writer.run("remove", home, "--db", "day/x.db");
    Files.delete(home.resolve("day"));
    Writer.work(home, 300);
    long journal = Writer.run("check", home).path("journal").asLong();
    Writer.run("create", home, "--db", "day");
    Writer.work(home, 300);
    lose();
    refusedAndGivenUp("day");
    assertKept(journal);
    assertThat(standby.resolve("day")).isDirectory();
  }
}
