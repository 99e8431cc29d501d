package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Status of a standby that is at work, has failed or is not what it should be. */
final class StatusOfTroubleTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path marks;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
    marks = standby.resolve(".bdb-standby");
  }

  private void snapshot(String... more) throws Exception {
    Writer.init(home, more);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private JsonNode status() throws Exception {
    return Cli.json("status", "--standby", standby).good();
  }

  /** Locks of Java's own end when their process closes the file again, wherever it does. */
  @Test
  void theLockHoldsThoughItsFileIsReadAndAskedFor() throws Exception {
    snapshot();
    try (StandbyLock lock = StandbyLock.take(new StandbyDirectory(standby))) {
      assertThat(lock).isNotNull();
      assertThat(Files.readAllBytes(marks.resolve("lock"))).isEmpty();
      assertThat(status().path("running").asBoolean()).isTrue();
      assertThat(Cli.json("sync", "--standby", standby).json().path("reason").asText())
          .isEqualTo("locked");
      try (Child other = Cli.start("sync", "--standby", standby, "--json")) {
        Child.Ended ended = other.await();
        assertThat(ended.code()).as("%s", ended).isEqualTo(3);
        assertThat(ended.out()).contains("\"locked\"");
      }
    }
    assertThat(status().path("running").asBoolean()).isFalse();
    Standby.at(standby).sync(StandbyListener.NONE);
  }

  @Test
  void theLastErrorIsKept() throws Exception {
    Writer.init(home);
    Path archive = work.resolve("archive");
    Cli.json(Words.archiving(home, standby, archive)).good();
    assertThat(status().path("lastError").isMissingNode()).isTrue();
    Writer.work(home, 600);
    Writer.run("checkpoint", home);
    Path conflict = archive.resolve("log.0000000003");
    Files.writeString(conflict, "not a log");
    Outcome failed = Cli.json("sync", "--standby", standby);
    assertThat(failed.code()).as("%s", failed).isEqualTo(1);
    JsonNode error = status().path("lastError");
    assertThat(error.path("reason")).isEqualTo(failed.json().path("reason"));
    assertThat(error.path("message")).isEqualTo(failed.json().path("message"));
    assertThat(error.path("goodCycleSince").asBoolean(true)).isFalse();
    assertThat(Cli.run("status", "--standby", standby).out()).contains("no good cycle since");
    Files.delete(conflict);
    Cli.json("sync", "--standby", standby).good();
    JsonNode after = status().path("lastError");
    assertThat(after.path("at")).isEqualTo(error.path("at"));
    assertThat(after.path("goodCycleSince").asBoolean()).isTrue();
    assertThat(Cli.run("status", "--standby", standby).out()).contains("a good cycle came after");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "last-error.json",
        "incoming/log.0000000001",
        "incoming/log.0000000007",
        "incoming",
        "unarchived/log.0000000001",
        "unarchived",
        "journal.json",
        "lock"
      })
  void whateverLiesThere(String name) throws Exception {
    snapshot();
    Writer.work(home, 100);
    Path file = marks.resolve(name);
    for (boolean directory : new boolean[] {false, true}) {
      if (Files.exists(file)) {
        Tree.delete(file);
      }
      if (directory) {
        Files.createDirectories(file);
      } else {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {'{', 1, 0, 0, 0, 9, 9, 0, 0, 3, 3, 3, 3, 3, 3});
      }
      var before = Tree.of(standby);
      JsonNode status = status();
      assertThat(status.path("behindBytes").asLong()).as("%s", status).isPositive();
      assertThat(Cli.run("status", "--standby", standby).code()).isZero();
      assertThat(Tree.of(standby)).isEqualTo(before);
    }
  }

  @Test
  void theSourcesLogsAreOfAnotherKind() throws Exception {
    snapshot();
    for (String content : new String[] {"", "short", "x".repeat(100_000)}) {
      Files.writeString(home.resolve("log.0000000009"), content);
      status();
      Files.delete(home.resolve("log.0000000009"));
    }
    Files.createDirectory(home.resolve("log.0000000009"));
    status();
    Tree.delete(home);
    Files.writeString(home, "a file where the home was");
    assertThat(status().path("problem").asText()).contains(home.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"source", "procedure", "layout", "logDirectory", "recoveredTo", "syncedAt"})
  void aManifestThatLacksAField(String field) throws Exception {
    snapshot();
    Path manifest = marks.resolve("manifest.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"" + field + "\"", "\"other\""));
    Outcome outcome = Cli.json("status", "--standby", standby);
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.json().path("reason").asText()).isEqualTo("not-a-standby");
  }

  @Test
  void aDrillOfAnOlderVersionIsNone() throws Exception {
    snapshot();
    Manifest known = ManifestFile.read(marks.resolve("manifest.json")).orElseThrow();
    assertThat(Optional.ofNullable(known.drill())).isEmpty();
    assertThat(status().path("lastDrill").isMissingNode()).isTrue();
  }
}
