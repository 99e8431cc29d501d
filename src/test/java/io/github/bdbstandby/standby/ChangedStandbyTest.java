package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database of the standby is not as the last cycle left it. */
final class ChangedStandbyTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path database;

  @BeforeEach
  void aStandby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 100);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    database = standby.resolve("accounts-btree-0.db");
    Writer.work(home, 100);
  }

  private void write() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      file.seek(file.length() - 1);
      int was = file.read();
      file.seek(file.length() - 1);
      file.write(was ^ 1);
    }
  }

  private void assertNeedsSnapshot(Outcome outcome) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(4);
    assertThat(outcome.json().path("reason").asText()).isEqualTo("damaged");
    assertThat(outcome.json().path("message").asText()).contains(database.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void syncNeedsSnapshot(boolean gone) throws Exception {
    if (gone) {
      Files.delete(database);
    } else {
      write();
    }
    assertNeedsSnapshot(Cli.json("sync", "--standby", standby, "--dry-run"));
    assertNeedsSnapshot(Cli.json("sync", "--standby", standby));
    assertNeedsSnapshot(Cli.json("follow", "--standby", standby, "--on-gap", "stop"));
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Cli.json("sync", "--standby", standby).good();
  }

  @Test
  void followTakesSnapshot() throws Exception {
    write();
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      follower.await();
    }
    Cli.json("verify", "--standby", standby).good();
  }

  /** A follower sums no database that it has changed: it is missed all the same. */
  private Path followedDatabase() throws Exception {
    try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      Writer.run("create", home, "--db", "new.db");
      for (int cycles = 1; cycles < 4; cycles++) {
        Writer.work(home, 100);
        follower.awaitLines("{", cycles);
      }
      follower.signal("TERM");
      follower.await();
    }
    Cli.json("verify", "--standby", standby).good();
    return standby.resolve("new.db");
  }

  @Test
  void syncMissesOneThatHasNoSum() throws Exception {
    database = followedDatabase();
    Files.delete(database);
    Writer.work(home, 100);
    assertNeedsSnapshot(Cli.json("sync", "--standby", standby));
  }

  @Test
  void failoverNotesOneThatIsGone() throws Exception {
    database = followedDatabase();
    Files.delete(database);
    Writer.work(home, 100);
    assertThat(Cli.json("failover", "--standby", standby).good().path("notes").toString())
        .contains(database + ": is not there");
  }

  @Test
  void followMissesOneThatGoesMeanwhile() throws Exception {
    database = followedDatabase();
    Writer.work(home, 20);
    try (Child follower = Cli.start("follow", "--standby", standby, "--on-gap", "stop", "--json")) {
      follower.awaitLines("{", 1); // and now it is at rest
      Files.delete(database);
      Writer.work(home, 20);
      Child.Ended ended = follower.await();
      assertNeedsSnapshot(new Outcome(ended.code(), ended.lastLine(), ended.err(), ""));
    }
  }

  /** As by a backup of the standby that was put back. */
  @Test
  void oneThatWasOnlyTouchedIsGood() throws Exception {
    Files.setLastModifiedTime(database, FileTime.from(Instant.now()));
    Cli.json("sync", "--standby", standby).good();
    Cli.json("verify", "--standby", standby).good();
  }
}
