package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a failover refuses it refuses before the application is dead. */
final class FenceTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  /** Bulk loading is not held back by a snapshot of an environment that nobody had open. */
  @BeforeEach
  void aStandbyMadeAtRest() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Writer.run("create", home, "--db", "loaded.db");
    Writer.run("remove-environment", home, "--force");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private void load() throws Exception {
    Writer.run("bulk", home, "--db", "loaded.db", "--records", "2000");
  }

  private void put(String key) throws Exception {
    Writer.run("put", home, "--db", "loaded.db", "--key", key, "--value", "v");
  }

  @Test
  void whoIsRefusedHasFencedNothing() throws Exception {
    try (Child application = Writer.idle(home)) {
      load();
      Outcome refused = Cli.json("failover", "--standby", standby, "--fence");
      assertThat(refused.code()).as("%s", refused).isEqualTo(4);
      assertThat(refused.json().path("reason").asText()).isEqualTo("bulk-load");
      assertThat(application.isAlive()).isTrue();
      put("still");
      JsonNode promoted =
          Cli.json("failover", "--standby", standby, "--fence", "--accept-loss").good();
      assertThat(promoted.path("fenced").asBoolean()).isTrue();
      assertThat(promoted.path("losses")).hasSize(1);
      String notes = promoted.path("notes").toString();
      assertThat(notes.split("hold on bulk loading", -1)).as("told once: %s", notes).hasSize(2);
    }
  }

  /** What comes between the last look and the fence is refused behind it, and that is told. */
  @Test
  void whoIsRefusedBehindTheFenceIsTold() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    try (Child application = Writer.idle(home, "--commits", "1")) {
      assertThat(application.isAlive()).isTrue();
      int looks = failover(copy, false, look -> put("again"));
      assertThat(looks).isGreaterThan(1);
      assertThatThrownBy(
              () ->
                  failover(
                      standby,
                      true,
                      look -> {
                        if (look == looks) {
                          load();
                        } else if (look < looks) {
                          put("again");
                        }
                      }))
          .isInstanceOfSatisfying(
              SnapshotNeededException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.BULK_LOAD))
          .hasMessageContaining("was made unusable");
    }
  }

  /** Whoever is interrupted would else not know of it. */
  @Test
  void whoIsInterruptedStillLearnsThatItStands() throws Exception {
    Manifest manifest = ManifestFile.ofStandby(new StandbyDirectory(standby));
    try (Child application = Writer.idle(home)) {
      Thread.currentThread().interrupt();
      Optional<String> failure = Fence.raise(manifest, Optional.empty());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(failure).isEmpty();
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** Also what only files tell. */
  @Test
  void whoFailsBehindTheFenceIsTold() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    try (Child application = Writer.idle(home, "--commits", "1")) {
      assertThat(application.isAlive()).isTrue();
      int looks = failover(copy, false, look -> put("again"));
      assertThatThrownBy(
              () ->
                  failover(
                      standby,
                      true,
                      look -> {
                        if (look <= looks) {
                          put("again");
                        } else { // the fence stands
                          for (LogFile log : LogFile.in(standby)) {
                            Files.deleteIfExists(log.path());
                          }
                        }
                      }))
          .isInstanceOfSatisfying(
              CycleFailedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IO_ERROR))
          .hasMessageContaining("was made unusable");
    }
  }

  /** Does something as often as log is found; returns how often. */
  private static int failover(Path standby, boolean fence, Looking looking) {
    AtomicInteger looks = new AtomicInteger();
    Standby.at(standby)
        .failover(
            FailoverOptions.builder().fence(fence).build(),
            new StandbyListener() {
              @Override
              public void copied(StepName step, long bytes) {
                try {
                  looking.at(looks.incrementAndGet());
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              }
            });
    return looks.get();
  }

  @FunctionalInterface
  private interface Looking {
    void at(int look) throws Exception;
  }

  /** The application removes log files for as long as it lives. */
  @Test
  void aLogFileThatWentIsNotWrittenToAnyMore() throws Exception {
    List<LogFile> listed = LogFile.in(home);
    assertThat(Fence.state(listed)).isNotEmpty();
    for (LogFile log : listed) {
      Files.delete(log.path());
    }
    assertThat(Fence.state(listed)).isEmpty();
  }
}
