package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source on a file system that keeps no time of birth, where a region file's times change. */
final class RegionsWithoutBirthTimeTest {
  private Mounts mounts;
  private Path home;
  private Path standby;

  @BeforeEach
  void aDisk() throws Exception {
    mounts = new Mounts();
    home = mounts.image("ext4", List.of("-I", "128")).resolve("home");
    standby = mounts.plain().resolve("standby");
    Writer.init(home, "--types", "btree");
    Writer.run("create", home, "--db", "loaded.db");
  }

  @AfterEach
  void unmounted() throws IOException {
    mounts.close();
  }

  private Outcome sync() throws IOException {
    Run.of("sync", "-f", home.toString()).good(); // the next write to the regions is noted anew
    return Cli.json("sync", "--standby", standby);
  }

  private void load(Path at) throws Exception {
    Writer.run("bulk", at, "--db", "loaded.db", "--records", "2000");
  }

  @Test
  void theyAreTheSameWhileTheyAreWrittenTo() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200")) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      for (String name : List.of("first.db", "second.db")) {
        Writer.run("create", home, "--db", name);
        Writer.run("bulk", home, "--db", name, "--records", "2000");
        sync().good();
      }
      try (Child follower =
          Cli.start("follow", "--standby", standby, "--json", "--interval", "200ms")) {
        for (int cycles = 1; cycles < 5; cycles++) {
          assertThat(follower.awaitLines("{", cycles)).noneMatch(this::isSnapshot);
          Run.of("sync", "-f", home.toString()).good();
        }
        follower.signal("TERM");
        assertThat(follower.await().code()).isEqualTo(143);
      }
      assertThat(application.stop().code()).isZero();
    }
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
    Writer.run("bulk-check", standby, "--db", "second.db", "--records", "2000");
  }

  private boolean isSnapshot(String cycle) {
    return cycle.contains("copy-databases");
  }

  @Test
  void thoseMadeAnewAreOthers() throws Exception {
    try (Child application = Writer.idle(home)) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    try (Child application = Writer.idle(home, "--recover")) {
      load(home);
      refusedForBulkLoad();
      assertThat(application.isAlive()).isTrue();
    }
  }

  private void refusedForBulkLoad() throws Exception {
    Refusal.leaving(standby)
        .andSources(home)
        .snapshotNeeded(
            "sync", "bulk-load", home, () -> Cli.json("sync", "--standby", standby, "--dry-run"));
  }

  /** By a manifest of an earlier version, which has the time of birth, or what Java says for it. */
  @Test
  void theyAreKnownByWhatWasRecordedOfThemBefore() throws Exception {
    try (Child application = Writer.idle(home)) {
      written();
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      recordAsBefore();
      written();
      load(home);
      sync().good();
      application.kill();
    }
    Writer.run("remove-environment", home, "--force");
    try (Child application = Writer.idle(home, "--recover")) {
      load(home);
      refusedForBulkLoad();
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** The times of such files are in whole seconds, and libdb's of the regions is. */
  private void written() throws Exception {
    Run.of("sync", "-f", home.toString()).good();
    TimeUnit.SECONDS.sleep(1);
    Writer.run("checkpoint", home);
  }

  private void recordAsBefore() throws IOException {
    Path manifest = standby.resolve(".bdb-standby/manifest.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode all = (ObjectNode) json.readTree(manifest.toFile());
    BasicFileAttributes file =
        Files.readAttributes(home.resolve("__db.001"), BasicFileAttributes.class);
    ((ObjectNode) all.get("hold")).put("regions", file.fileKey() + "@" + file.creationTime());
    json.writeValue(manifest.toFile(), all);
  }
}
