package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.FileLocks;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a first snapshot has made goes when it fails, and nothing that is another run's. */
final class FailedFirstSnapshotTest {
  /** So many that to remove them takes a moment. */
  private static final int FILES = 20_000;

  @TempDir Path work;
  private Path home;
  private StandbyDirectory standby;

  @BeforeEach
  void source() throws Exception {
    home = work.resolve("home");
    standby = new StandbyDirectory(work.resolve("standby"));
    Writer.init(home, "--types", "btree");
  }

  private void failIn(Runnable during) {
    IllegalStateException own = new IllegalStateException("the listener's own");
    StandbyListener failing =
        new StandbyListener() {
          @Override
          public void began(StepName step, long bytes) {
            during.run();
            throw own;
          }
        };
    Standby at = Standby.at(standby.home());
    assertThatThrownBy(
            () -> at.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), failing))
        .isSameAs(own);
  }

  private void fill() {
    try {
      Path many = Files.createDirectory(standby.marks().resolve("many"));
      for (int i = 0; i < FILES; i++) {
        Files.createFile(many.resolve(String.valueOf(i)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At the very moment. */
  private FileLocks.Held takeWhenFree() {
    while (true) {
      try {
        Files.createDirectories(standby.marks());
        Optional<FileLocks.Held> taken = FileLocks.take(standby.lock());
        if (taken.isPresent()) {
          return taken.get();
        }
      } catch (IOException e) {
        Thread.onSpinWait(); // its directory is being removed
      }
    }
  }

  @Test
  void leavesNothing() {
    failIn(this::fill);
    assertThat(standby.home()).doesNotExist();
  }

  @Test
  void leavesTheNextRunItsLock() throws Exception {
    CompletableFuture<FileLocks.Held> next = new CompletableFuture<>();
    failIn(
        () -> {
          fill();
          Thread waiting = new Thread(() -> next.complete(takeWhenFree()));
          waiting.setDaemon(true);
          waiting.start();
        });
    try (FileLocks.Held lock = next.get(5, TimeUnit.MINUTES)) {
      assertThat(lock).isNotNull();
      assertThat(StandbyLock.isHeld(standby)).isTrue();
    }
  }

  /** All of it is there, and takes its place whoever comes next. */
  @Test
  void cutOffAsItTakesItsPlaceItIsKnown() throws Exception {
    Path at = standby.home();
    Map<String, String> faults = Operation.struck(at, "rename standby/database#1", "kill-before");
    try (Child killed = Cli.start(faults, work, "snapshot", "--home", home, "--standby", at)) {
      assertThat(killed.await().code()).isEqualTo(137);
    }
    assertThat(standby.manifest()).doesNotExist();
    JsonNode status = Cli.json("status", "--standby", at).good();
    assertThat(status.path("state").asText()).isEqualTo("standby");
    assertThat(Cli.json("verify", "--standby", at).json().path("reason").asText())
        .isEqualTo("locked");
    Tree.delete(home);
    Cli.json("failover", "--standby", at).good();
    Writer.run("check", at);
  }
}
