package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower whose archive fails goes on, tells of it, and archives all when it works again. */
final class FollowFailingArchiveTest {
  @TempDir Path work;
  private Path home;
  private Path archive;
  private Path acknowledged;
  private Standby standby;
  private FollowMonitor monitor;
  private final List<CycleReport> cycles = new CopyOnWriteArrayList<>();

  @BeforeEach
  void archived() throws Exception {
    home = work.resolve("home");
    archive = work.resolve("archive");
    acknowledged = work.resolve("acknowledged");
    standby = Standby.at(work.resolve("standby"));
    monitor = new FollowMonitor(standby, new SimpleMeterRegistry(), Duration.ofDays(1));
    Writer.init(home, "--types", "btree");
    standby.snapshot(
        SourceRequest.of(home),
        SnapshotOptions.builder().archive(archive).build(),
        StandbyListener.NONE);
  }

  private Child application() throws Exception {
    return Writer.start(
        home,
        "--seconds",
        "0",
        "--rate",
        "400",
        "--sync",
        "--checkpoint-ms",
        "100",
        "--ack",
        acknowledged.toString());
  }

  private Follower follow() {
    FollowOptions often =
        FollowOptions.builder()
            .interval(Duration.ofMillis(100))
            .shipInterval(Duration.ofMillis(20))
            .build();
    StandbyListener listening =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            cycles.add(report);
          }
        };
    return standby.startFollower(often, listening, monitor, task -> new Thread(task).start());
  }

  private void await(Follower follower, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!condition.getAsBoolean()) {
      assertThat(follower.isRunning()).isTrue();
      assertThat(System.nanoTime()).as("in five minutes: %s", monitor.health()).isLessThan(end);
      Busy.pause(20);
    }
  }

  private boolean isTroubledBy(String reason) {
    return monitor.health().reason().equals(Optional.of(reason));
  }

  private Path unarchived() {
    return standby.directory().resolve(".bdb-standby").resolve("unarchived");
  }

  private void awaitCyclesBeyondAFile(Follower follower) {
    int before = cycles.size();
    await(
        follower,
        () ->
            cycles.size() > before + 3
                && cycles.get(cycles.size() - 1).recoveredTo().file()
                    > cycles.get(before).recoveredTo().file() + 1);
  }

  private void assertAllIsArchived() throws Exception {
    List<LogFile> archived = LogFile.in(archive);
    assertThat(archived.get(0).number()).isEqualTo(1);
    assertThat(archived).hasSize((int) archived.get(archived.size() - 1).number());
    assertThat(LogFile.in(home).get(0).number()).isLessThanOrEqualTo(archived.size() + 1L);
    assertThat(LogFile.in(standby.directory()).get(0).number())
        .isLessThanOrEqualTo(archived.size() + 1L);
  }

  @Test
  void itIsAwayForAWhile() throws Exception {
    Path away = work.resolve("away");
    Child application = application();
    try (application) {
      try (Follower follower = follow()) {
        await(follower, () -> Files.exists(archive.resolve(LogFile.nameOf(1))));
        Files.move(archive, away);
        await(follower, () -> isTroubledBy("io-error"));
        awaitCyclesBeyondAFile(follower);
        assertThat(monitor.health().sourceAvailable()).isTrue();
        assertThat(isTroubledBy("io-error")).isTrue();
        assertThat(LastError.read(new StandbyDirectory(standby.directory())))
            .get()
            .extracting(LastError::reason)
            .isEqualTo("io-error");
        assertThat(cycles.get(cycles.size() - 1).notes().toString()).contains(archive.toString());
        assertThat(unarchived()).isNotEmptyDirectory();
        // With no new log, it is archived all the same. A killed one may leave a lock in the
        // regions.
        application.signal("TERM");
        application.await();
        Files.move(away, archive);
        await(follower, () -> monitor.health().isGood());
        assertThat(unarchived()).doesNotExist();
      }
    }
    assertAllIsArchived();
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory(), "--ack", acknowledged.toString());
  }

  /** As systemd has it, each new start would copy all once more. */
  @Test
  void aSnapshotThatTheArchiveObjectsToIsTriedAgain() throws Exception {
    Writer.work(home, 600, "--ack", acknowledged.toString());
    Writer.run("checkpoint", home);
    long first = LogFile.in(home).get(0).number();
    Path conflict = Files.writeString(archive.resolve(LogFile.nameOf(first)), "not a log");
    Files.writeString(standby.directory().resolve("accounts-btree-0.db"), "damaged");
    try (Follower follower = follow()) {
      await(follower, () -> isTroubledBy("archive-conflict"));
      Files.delete(conflict);
      await(follower, () -> monitor.health().isGood());
    }
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory(), "--ack", acknowledged.toString());
  }
}
