package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may not be read at a source is named before anything is changed. */
final class NoAccessTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private List<String> unprivileged;

  @BeforeEach
  void places() throws Exception {
    unprivileged = Unprivileged.prefix();
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree,queue", "--extent", "4", "--config", "set_lg_dir logs");
    Files.createDirectory(home.resolve("papers"));
    Files.write(home.resolve("papers/deed"), new byte[] {1, 2, 3});
  }

  private Outcome run(Object... words) throws Exception {
    return Cli.jsonBy(unprivileged, words);
  }

  private Path first(String beginning) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(file -> file.getFileName().toString().startsWith(beginning))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private Path lastLog() throws IOException {
    List<LogFile> logs = LogFile.in(home.resolve("logs"));
    return logs.get(logs.size() - 1).path();
  }

  /** A follower waits for the source, and for nothing else. */
  @Test
  void aNeighbourWhoseNameBeginsAlikeIsNoPartOfTheSource() {
    Path neighbour = home.resolveSibling("home-standby").resolve("log.0000000001");
    assertThat(AccessGuard.atSource(home, new AccessDeniedException(neighbour.toString())))
        .isEmpty();
    assertThat(AccessGuard.atSource(home, new AccessDeniedException(home + "/logs"))).isPresent();
  }

  /** A database, an extent of a queue, a file of the application, a directory, a log file. */
  @ParameterizedTest
  @ValueSource(strings = {"accounts", "__dbq.", "deed", "papers", "log."})
  void aSnapshotOfWhatMayNotBeRead(String name) throws Exception {
    Path closed = name.equals("log.") ? lastLog() : first(name);
    Unprivileged.giveAway(closed);
    for (String way : List.of("-v", "--passive")) {
      Refusal.leaving()
          .andSources(home)
          .refused(
              "snapshot",
              "no-access",
              closed,
              () -> run("snapshot", "--home", home, "--standby", standby, way));
      assertThat(standby).doesNotExist();
    }
    Cli.json("snapshot", "--home", home, "--standby", standby).good(); // who may, can
  }

  @Test
  void aSnapshotOfWhatIsInUse() throws Exception {
    Path closed = first("accounts");
    try (Child application = Writer.idle(home)) {
      Unprivileged.giveAway(closed);
      Refusal.leaving()
          .andSources(home)
          .refused(
              "snapshot",
              "no-access",
              closed,
              () -> run("snapshot", "--home", home, "--standby", standby));
      assertThat(standby).doesNotExist();
      assertThat(application.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"accounts", "deed", "papers", "log.", "logs"})
  void aSyncOfWhatMayNotBeRead(String name) throws Exception {
    run("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 200);
    Path closed = name.equals("log.") ? lastLog() : first(name);
    Unprivileged.giveAway(closed);
    for (String how : List.of("--dry-run", "-v")) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "no-access", closed, () -> run("sync", "--standby", standby, how));
    }
    Cli.json("sync", "--standby", standby).good();
  }

  /** The application was started anew, and the hold has to be taken in its regions. */
  @Test
  void aSyncThatMayNotWriteTheLog() throws Exception {
    try (Child application = Writer.idle(home)) {
      run("snapshot", "--home", home, "--standby", standby).good();
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    try (Child application = Writer.idle(home)) {
      Path last = lastLog();
      Files.setPosixFilePermissions(last, PosixFilePermissions.fromString("r--r--r--"));
      for (String how : List.of("--dry-run", "-v")) {
        Refusal.leaving(standby)
            .andSources(home)
            .refused("sync", "no-access", last, () -> run("sync", "--standby", standby, how));
      }
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** Who may read everything by a capability owns nothing, and has no rights in any file's mode. */
  @Test
  void aBackupUser() throws Exception {
    List<String> reader = Unprivileged.reader();
    Path backups = Files.createDirectory(work.resolve("backups"));
    Unprivileged.giveAway(backups);
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path copy = backups.resolve("standby");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    Cli.jsonIn(backups, reader, "snapshot", "--home", home, "--standby", copy, "--passive").good();
    Writer.work(home, 20);
    Cli.jsonIn(backups, reader, "sync", "--standby", copy, "--passive").good();
    Cli.jsonIn(backups, reader, "failover", "--standby", copy).good();
    Writer.run("check", copy);
  }

  /** ext4 has a directory of root's in the root of each file system. */
  @Test
  void aHomeThatIsAMountsRoot() throws Exception {
    try (Mount disk = Mount.tmpfs(work.resolve("disk"), "64m")) {
      Path root = disk.point();
      Writer.init(root, "--types", "btree,queue", "--extent", "4");
      Path lost = Files.createDirectory(root.resolve("lost+found"));
      Files.write(lost.resolve("#12"), new byte[] {1});
      Unprivileged.giveAway(lost);
      run("list", "--home", root, "--databases").good();
      for (Path region : Tree.regions(root)) {
        Files.delete(region); // at rest any file system will do
      }
      run("snapshot", "--home", root, "--standby", standby).good();
      Writer.work(root, 20);
      run("sync", "--standby", standby).good();
      assertThat(standby.resolve("lost+found")).doesNotExist();
      Path own = Files.createDirectory(home.resolve("lost+found")); // by the application
      Unprivileged.giveAway(own);
      Refusal.leaving()
          .andSources(home)
          .refused(
              "snapshot",
              "no-access",
              own,
              () -> run("snapshot", "--home", home, "--standby", work.resolve("other")));
    }
  }

  /**
   * Started anew by somebody else, or with another umask: it is waited for until that is mended.
   */
  @Test
  void aFollowerThatMayNoLongerRead() throws Exception {
    run("snapshot", "--home", home, "--standby", standby).good();
    Path logs = home.resolve("logs");
    try (Child follower =
        Cli.startBy(unprivileged, "follow", "--standby", standby, "--json", "--interval", "1s")) {
      follower.awaitLines("{", 1);
      Unprivileged.giveAway(logs);
      follower.awaitError("source-away");
      Unprivileged.takeBack(logs);
      Writer.work(home, 20);
      follower.awaitLines("{", 2);
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
  }

  /** It is not gone: what it has could be had by somebody else. */
  @ParameterizedTest
  @ValueSource(strings = {"log.", "logs", "home"})
  void aFailoverFromWhatMayNotBeRead(String name) throws Exception {
    run("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 20);
    Path closed = name.equals("log.") ? lastLog() : name.equals("home") ? home : first(name);
    Unprivileged.giveAway(closed);
    Path named = name.equals("home") ? home.resolve("logs") : closed;
    for (String how : List.of("--dry-run", "-v")) {
      JsonNode refusal =
          Refusal.leaving(standby)
              .andSources(home)
              .refused(
                  "failover", "no-access", named, () -> run("failover", "--standby", standby, how));
      assertThat(refusal.path("hint").asText()).contains("--accept-loss --standby " + standby);
    }
    JsonNode promoted = run("failover", "--standby", standby, "--accept-loss").good();
    assertThat(promoted.path("losses")).hasSize(1);
    assertThat(promoted.path("losses").path(0).path("reason").asText()).isEqualTo("no-access");
    assertThat(promoted.path("notes").toString()).contains("nothing salvaged", named.toString());
    Writer.run("check", standby);
  }

  /** As root no right is wanting: what fails then fails for everybody. */
  @Test
  void aFailoverFromADiskThatFails() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 20);
    Path logs = home.resolve("logs");
    Files.move(logs, home.resolve("moved"));
    Files.createSymbolicLink(logs, logs); // the system won't resolve it
    Refusal.leaving(standby)
        .refused("failover", "no-access", logs, () -> Cli.json("failover", "--standby", standby));
    Files.delete(logs);
    Files.move(home.resolve("moved"), logs);
    Path last = lastLog();
    Files.move(last, work.resolve("moved"));
    Files.createDirectory(last);
    Refusal.leaving(standby)
        .refused("failover", "no-access", last, () -> Cli.json("failover", "--standby", standby));
    JsonNode promoted = Cli.json("failover", "--standby", standby, "--accept-loss").good();
    assertThat(promoted.path("losses").path(0).path("reason").asText()).isEqualTo("no-access");
    Writer.run("check", standby);
  }
}
