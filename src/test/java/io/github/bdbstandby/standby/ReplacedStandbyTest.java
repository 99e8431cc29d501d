package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source whose disk is not mounted when its application starts, so that this makes an empty
 * environment there: what the standby had is in no other place.
 */
final class ReplacedStandbyTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void aStandby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree,hash,queue");
    Writer.work(home, 600, "--ack", acknowledged.toString());
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 300, "--ack", acknowledged.toString());
  }

  private void makeAnew() throws Exception {
    Tree.delete(home);
    Writer.init(home, "--types", "btree,hash,queue");
    Writer.work(home, 5);
  }

  private List<Path> replaced() throws Exception {
    List<Path> replaced = new ArrayList<>();
    JsonNode status = Cli.json("status", "--standby", standby).good();
    status.path("replaced").forEach(name -> replaced.add(Path.of(name.asText())));
    return replaced;
  }

  /** What a directory promises: a standby that becomes a primary with every commit. */
  private void assertHasAll(Path kept) throws Exception {
    Cli.json("verify", "--standby", kept).good();
    Cli.json("failover", "--standby", kept, "--accept-loss").good();
    Writer.run("check", kept, "--ack", acknowledged.toString());
  }

  private void assertFollowsNewSource() throws Exception {
    Writer.work(home, 5);
    Cli.json("sync", "--standby", standby).good();
    Cli.json("verify", "--standby", standby).good();
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    Cli.json("failover", "--standby", copy).good();
    assertThat(Writer.run("check", copy)).isEqualTo(Writer.run("check", home));
    Tree.delete(copy);
  }

  @Test
  void isKeptByFollow() throws Exception {
    Cli.json("sync", "--standby", standby).good();
    makeAnew();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitLines("{", 1);
      follower.signal("TERM");
      assertThat(follower.await().out()).contains("is not continued by the source");
    }
    assertThat(replaced()).hasSize(1);
    assertFollowsNewSource();
    assertHasAll(replaced().get(0));
  }

  /** Also what was shipped and not applied. */
  @Test
  void isKeptWithTheLogThatWaits() throws Exception {
    Path waiting = standby.resolve(".bdb-standby/incoming");
    Files.createDirectories(waiting);
    for (LogFile log : LogFile.in(home)) {
      Files.copy(
          log.path(),
          waiting.resolve(log.path().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    makeAnew();
    JsonNode snapshot = Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(snapshot.path("notes").toString()).contains("kept in");
    assertFollowsNewSource();
    assertHasAll(replaced().get(0));
  }

  /** One that had nothing in it when the standby was made, and has a database in what waits. */
  @Test
  void isKeptWithItsEmptyDataDirectory() throws Exception {
    Path data = Files.createDirectory(home.resolve("data"));
    Files.writeString(home.resolve("DB_CONFIG"), "add_data_dir data\nadd_data_dir .\n");
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(standby.resolve("data")).isEmptyDirectory();
    Writer.run("create", home, "--db", "late");
    assertThat(data).isNotEmptyDirectory();
    Path waiting = Files.createDirectories(standby.resolve(".bdb-standby/incoming"));
    for (LogFile log : LogFile.in(home)) {
      Files.copy(
          log.path(),
          waiting.resolve(log.path().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    makeAnew();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path kept = replaced().get(0);
    assertHasAll(kept);
    assertThat(kept.resolve("data")).as("%s", Tree.of(kept).keySet()).isNotEmptyDirectory();
  }

  @Test
  void isNotKeptWhereTheSourceGoesOn() throws Exception {
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(4);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(replaced()).isEmpty();
  }

  /** Another environment whose log has gone on beyond ours looks like a gap. */
  @Test
  void isKeptWhereAnotherEnvironmentHasMore() throws Exception {
    Cli.json("sync", "--standby", standby).good();
    Tree.delete(home);
    Writer.init(home, "--types", "btree,hash,queue");
    Writer.work(home, 2000);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    Outcome sync = Cli.json("sync", "--standby", standby);
    assertThat(sync.json().path("reason").asText()).isEqualTo("log-gap");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertFollowsNewSource();
    assertHasAll(replaced().get(0));
  }

  /** A source that is put back again and again would fill the disk; and all are somebody's. */
  @Test
  void followKeepsTwoUnasked() throws Exception {
    Cli.json("sync", "--standby", standby).good();
    for (int i = 0; i < 2; i++) {
      makeAnew();
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
    }
    makeAnew();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitError("are kept already");
      assertThat(replaced()).hasSize(2);
      Tree.delete(replaced().get(1));
      follower.awaitLines("{", 1);
      follower.signal("TERM");
      follower.await();
    }
    assertThat(replaced()).hasSize(2);
    makeAnew();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(replaced()).hasSize(3);
    assertHasAll(replaced().get(0));
  }

  /** Who promotes in haste may want what was kept, and not an environment made anew. */
  @Test
  void isNamedWhereTheOtherIsPromoted() throws Exception {
    Cli.json("sync", "--standby", standby).good();
    JsonNode end = Cli.json("status", "--standby", standby).good().path("recoveredTo");
    makeAnew();
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path kept = replaced().get(0);
    JsonNode promoted = Cli.json("failover", "--standby", standby).good();
    assertThat(promoted.path("notes").toString())
        .contains(kept + ":")
        .contains(" " + end.path("file").asLong() + "/" + end.path("offset").asLong());
    assertHasAll(kept);
  }
}
