package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may lie at the place of a standby, and what a password must fit. */
final class StandbyPlaceTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree,hash");
  }

  private Outcome snapshot() throws Exception {
    return Cli.json("snapshot", "--home", home, "--standby", standby);
  }

  @Test
  void notEmpty() throws Exception {
    Files.createDirectory(standby);
    Files.writeString(standby.resolve("notes.txt"), "mine");
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", "standby-not-empty", standby, this::snapshot);
  }

  @Test
  void aFile() throws Exception {
    Files.writeString(standby, "mine");
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", "standby-not-empty", standby, this::snapshot);
  }

  @Test
  void notAStandby() throws Exception {
    Path empty = Files.createDirectory(work.resolve("empty"));
    for (Path each : List.of(standby, empty, home)) {
      for (String command : List.of("sync", "failover", "verify", "status")) {
        Refusal.leaving(each)
            .refused(command, "not-a-standby", each, () -> Cli.json(command, "--standby", each));
      }
      for (String command : List.of("sync", "failover")) {
        Refusal.leaving(each)
            .refused(
                command,
                "not-a-standby",
                each,
                () -> Cli.json(command, "--standby", each, "--dry-run"));
      }
    }
    assertThat(standby).doesNotExist();
  }

  @Test
  void damagedManifest() throws Exception {
    snapshot().good();
    Path manifest = standby.resolve(".bdb-standby").resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).substring(0, 200));
    for (String command : List.of("sync", "failover", "verify", "status")) {
      Refusal.leaving(standby)
          .refused(
              command, "not-a-standby", manifest, () -> Cli.json(command, "--standby", standby));
    }
    Refusal.leaving(standby).refused("snapshot", "not-a-standby", manifest, this::snapshot);
  }

  @Test
  void promoted() throws Exception {
    snapshot().good();
    Cli.json("failover", "--standby", standby).good();
    for (String command : List.of("sync", "failover", "verify")) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(command, "promoted", standby, () -> Cli.json(command, "--standby", standby));
    }
    Refusal.leaving(standby)
        .andSources(home)
        .refused("snapshot", "promoted", standby, this::snapshot);
  }

  @Test
  void theWayBackCanBeGoneAgainAndAgainButNeverOverThePrimary() throws Exception {
    snapshot().good();
    Cli.json("failover", "--standby", standby).good();
    Cli.json("snapshot", "--home", standby, "--standby", home).good();
    Cli.json("failover", "--standby", home).good();
    Writer.work(home, 50, "--recover");
    // Each was failed over from the other; the last one to take over is the primary.
    Refusal.leaving(home)
        .refused(
            "snapshot",
            "promoted",
            home,
            () -> Cli.json("snapshot", "--home", standby, "--standby", home));
    snapshot().good();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  @Test
  void promotedStandbyIsASourceLikeAnyOther() throws Exception {
    snapshot().good();
    Cli.json("failover", "--standby", standby).good();
    Writer.work(standby, 50, "--recover");
    Path next = work.resolve("next");
    Cli.json("snapshot", "--home", standby, "--standby", next).good();
    Cli.json("sync", "--standby", next).good();
    JsonNode after = Cli.json("failover", "--standby", next).good();
    assertThat(after.path("epoch").asLong()).isPositive();
    Writer.run("check", next);
  }

  private Outcome run(String words, Object... more) throws Exception {
    String all = words + " --standby " + standby;
    return Cli.json(Stream.concat(Stream.of(all.split(" ", -1)), Stream.of(more)).toArray());
  }

  @Test
  void passwordThatDoesNotFit() throws Exception {
    Path secret = work.resolve("secret");
    Path right = Files.writeString(work.resolve("right"), "open sesame\n");
    Path wrong = Files.writeString(work.resolve("wrong"), "open barley\n");
    Writer.init(secret, "--types", "btree", "--password-file", right.toString());
    Cli.json("snapshot", "--home", secret, "--standby", standby, "--password-file", right).good();
    for (String words :
        List.of("sync", "sync --dry-run", "failover", "failover --dry-run", "verify")) {
      Refusal refusal = Refusal.leaving(standby).andSources(secret);
      String command = words.split(" ", -1)[0];
      refusal.refused(command, "wrong-password", "", () -> run(words));
      refusal.refused(command, "wrong-password", "", () -> run(words, "--password-file", wrong));
    }
    run("failover --dry-run", "--password-file", right).good();
    for (String command : List.of("sync", "verify", "failover")) {
      Cli.json(command, "--standby", standby, "--password-file", right).good();
    }
  }

  @Test
  void superfluousPassword() throws Exception {
    Path password = Files.writeString(work.resolve("password"), "open sesame\n");
    snapshot().good();
    for (String words :
        List.of("sync", "sync --dry-run", "failover", "failover --dry-run", "verify")) {
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              words.split(" ", -1)[0],
              "wrong-password",
              "",
              () -> run(words, "--password-file", password));
    }
  }
}
