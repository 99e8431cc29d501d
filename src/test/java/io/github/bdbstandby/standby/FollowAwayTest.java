package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A part of the source is away, as where it has a disk of its own, and the home is there. */
final class FollowAwayTest {
  /** The application would fail where it has to begin a log file or open a database. */
  private static final String[] ALL_IS_OPEN = {"--types", "btree,hash", "--log-size", "4194304"};

  private static final String[] SLOWLY = {"--seconds", "0", "--rate", "20", "--sync"};

  @TempDir Path work;
  private Path home;
  private Path logs;
  private Path data;
  private Path away;
  private Standby standby;
  private FollowMonitor monitor;
  private final AtomicLong cycles = new AtomicLong();

  @BeforeEach
  void source() throws Exception {
    home = work.resolve("home");
    logs = home.resolve("logs");
    data = home.resolve("data");
    away = work.resolve("away");
    standby = Standby.at(work.resolve("standby"));
    monitor = new FollowMonitor(standby, new SimpleMeterRegistry(), Duration.ofDays(1));
    String[] directories = {"--config", "set_lg_dir logs", "--config", "add_data_dir data"};
    Writer.init(
        home, Stream.concat(Stream.of(directories), Stream.of(ALL_IS_OPEN)).toArray(String[]::new));
    Cli.json("snapshot", "--home", home, "--standby", standby.directory()).good();
  }

  private Follower follow() {
    FollowOptions often =
        FollowOptions.builder()
            .source(SourceRequest.of(home))
            .interval(Duration.ofMillis(100))
            .shipInterval(Duration.ofMillis(20))
            .build();
    StandbyListener counting =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            cycles.incrementAndGet();
          }
        };
    return standby.startFollower(often, counting, monitor, task -> new Thread(task).start());
  }

  private static void await(Follower follower, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!condition.getAsBoolean()) {
      assertThat(follower.completion()).isNotDone();
      assertThat(System.nanoTime()).as("in five minutes").isLessThan(end);
      Busy.pause(20);
    }
  }

  private void awaitTrouble(Follower follower, String reason, String noted) throws Exception {
    await(follower, () -> monitor.health().reason().equals(Optional.of(reason)));
    await(
        follower,
        () ->
            LastError.read(new StandbyDirectory(standby.directory()))
                .filter(error -> error.reason().equals(noted))
                .isPresent());
    assertThat(
            Cli.json("status", "--standby", standby.directory())
                .good()
                .path("lastError")
                .path("reason")
                .asText())
        .isEqualTo(noted);
  }

  private void goesOn(Follower follower) {
    long before = cycles.get();
    await(follower, () -> cycles.get() > before && monitor.health().isGood());
  }

  private void nothingIsLost() throws Exception {
    Cli.json("failover", "--standby", standby.directory()).good();
    assertThat(Writer.run("check", standby.directory())).isEqualTo(Writer.run("check", home));
  }

  /** As where it is not mounted: the directory is there, and empty. */
  private void unmount(Path directory) throws Exception {
    Files.move(directory, away);
    Files.createDirectory(directory);
  }

  private void mount(Path directory) throws Exception {
    Tree.delete(directory);
    Files.move(away, directory);
  }

  private void removeRegions() throws Exception {
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
  }

  @Test
  void logWithRegionsThere() throws Exception {
    try (Child application = Writer.idle(home)) {
      unmount(logs);
      try (Follower follower = follow()) {
        awaitTrouble(follower, "source-away", "no-environment");
        mount(logs);
        goesOn(follower);
      }
      application.kill();
    }
    nothingIsLost();
  }

  /** It may come back: that asks for no snapshot, and not for an end. */
  @ParameterizedTest
  @CsvSource({"-v,true", "-v,false", "--passive,true", "--passive,false"})
  void logOfOneThatStopsAtAGap(String how, boolean there) throws Exception {
    Object[] follow = {"follow", "--standby", standby.directory(), "--on-gap", "stop", "--json"};
    List<Object> words = new ArrayList<>(List.of(follow));
    words.addAll(List.of(how, "--interval", "200ms"));
    try (Child application = Writer.start(home, SLOWLY)) {
      try (Child follower = Cli.start(words.toArray())) {
        follower.awaitLines("{", 2);
        Files.move(logs, away);
        if (there) {
          Files.createDirectory(logs);
        }
        follower.awaitError("source-away");
        if (there) {
          Files.delete(logs);
        }
        Files.move(away, logs);
        follower.awaitError("source-back");
        int cycles = follower.awaitLines("{", 2).size();
        follower.awaitLines("{", cycles + 2);
        follower.signal("TERM");
        assertThat(follower.await().code()).isEqualTo(143);
      }
      application.kill();
    }
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory());
  }

  /** The machine has come up without that disk. */
  @Test
  void logWithoutRegionsAtTheStart() throws Exception {
    Writer.work(home, 50);
    removeRegions();
    unmount(logs);
    try (Follower follower = follow()) {
      awaitTrouble(follower, "source-away", "not-transactional");
      mount(logs);
      goesOn(follower);
    }
    nothingIsLost();
  }

  @Test
  void logWithoutRegionsLater() throws Exception {
    try (Child application = Writer.start(home, SLOWLY)) {
      try (Follower follower = follow()) {
        goesOn(follower);
        application.kill();
        unmount(logs);
        removeRegions();
        awaitTrouble(follower, "source-away", "not-transactional");
        mount(logs);
        goesOn(follower);
      }
    }
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory());
  }

  /** What was never a log's place is a mistake of who asks. */
  @Test
  void logLookedForElsewhereAtTheStart() throws Exception {
    removeRegions();
    Files.writeString(home.resolve("DB_CONFIG"), "add_data_dir data\nset_lg_dir elsewhere\n");
    try (Follower follower = follow()) {
      assertThat(follower.completion())
          .failsWithin(Duration.ofMinutes(5))
          .withThrowableThat()
          .withCauseInstanceOf(RefusedException.class);
      assertThat(cycles.get()).isZero();
    }
  }

  @Test
  void logDirectoryRenamed() throws Exception {
    try (Child application = Writer.start(home, SLOWLY)) {
      try (Follower follower = follow()) {
        goesOn(follower);
        Files.move(logs, away);
        awaitTrouble(follower, "source-away", "no-environment");
        Files.move(away, logs);
        goesOn(follower);
      }
      application.kill();
    }
    assertThat(LogFile.in(logs)).isNotEmpty();
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory());
  }

  /** What a cycle says of it has a hint in its message; a snapshot's refusal has it apart. */
  private boolean isSnapshotRefused() {
    return monitor.health().message().filter(said -> !said.contains("--data-dir")).isPresent();
  }

  /** Its files are open in the application, which goes on. */
  @Test
  void dataDirectoryWhileTheLogGoesOn() throws Exception {
    try (Child application = Writer.start(home, SLOWLY)) {
      try (Follower follower = follow()) {
        goesOn(follower);
        Files.move(data, away);
        awaitTrouble(follower, "unresolved-database", "unresolved-database");
        await(follower, this::isSnapshotRefused);
        Files.move(away, data);
        goesOn(follower);
      }
      application.kill();
    }
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory());
  }
}
