package io.github.bdbstandby.standby;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Writer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A follower outlives what passes, tells of it, and goes on. */
final class FollowTroubleTest {
  private static final String[] APPLICATION = {
    "--seconds", "0", "--rate", "200", "--sync", "--checkpoint-ms", "200"
  };

  @TempDir Path work;
  private Path home;
  private Path acknowledged;
  private Standby standby;
  private FollowMonitor monitor;
  private final AtomicLong cycles = new AtomicLong();

  @BeforeEach
  void source() throws Exception {
    home = work.resolve("home");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    at(work.resolve("standby"));
  }

  private void at(Path directory) {
    standby = Standby.at(directory);
    monitor = new FollowMonitor(standby, new SimpleMeterRegistry(), Duration.ofDays(1));
  }

  private Child application(String... more) throws Exception {
    String[] all = Arrays.copyOf(APPLICATION, APPLICATION.length + more.length + 2);
    System.arraycopy(more, 0, all, APPLICATION.length, more.length);
    all[all.length - 2] = "--ack";
    all[all.length - 1] = acknowledged.toString();
    return Writer.start(home, all);
  }

  private void snapshot() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby.directory()).good();
  }

  private Follower follow(FollowOptions.Builder options) {
    FollowOptions often =
        options.interval(Duration.ofMillis(100)).shipInterval(Duration.ofMillis(20)).build();
    StandbyListener counting =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport report) {
            cycles.incrementAndGet();
          }
        };
    return standby.startFollower(often, counting, monitor, task -> new Thread(task).start());
  }

  private void awaitCycles(Follower follower) {
    long before = cycles.get();
    await(follower, () -> cycles.get() > before + 2);
  }

  private static void await(Follower follower, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!condition.getAsBoolean()) {
      assertThat(follower.isRunning()).isTrue();
      assertThat(System.nanoTime()).as("in five minutes").isLessThan(end);
      Busy.pause(20);
    }
  }

  private boolean isTroubledBy(String reason) {
    return monitor.health().reason().equals(Optional.of(reason));
  }

  private boolean hasNoted(String reason) {
    return LastError.read(new StandbyDirectory(standby.directory()))
        .filter(noted -> noted.reason().equals(reason))
        .isPresent();
  }

  private void nothingIsLost() throws Exception {
    Cli.json("failover", "--standby", standby.directory()).good();
    Writer.run("check", standby.directory(), "--ack", acknowledged.toString());
  }

  @Test
  void anEnvironmentThatPanicsAndIsRecovered() throws Exception {
    Child application = application();
    try {
      snapshot();
      try (Follower follower = follow(FollowOptions.builder())) {
        awaitCycles(follower);
        panic();
        Files.writeString(home.resolve("notes.txt"), "new"); // so that it has something to do
        await(follower, () -> hasNoted("source-stuck"));
        assertThat(isTroubledBy("source-away")).isTrue();
        application.close();
        application = application("--recover", "--thread-base", "10");
        awaitCycles(follower);
        assertThat(monitor.health().isGood()).isTrue();
      }
    } finally {
      application.close();
    }
    nothingIsLost();
  }

  /** The old standby is the only one there is until a snapshot has taken its place. */
  @Test
  void aSourceIsShippedWhileASnapshotOfItIsTaken() throws Exception {
    try (Child application = application()) {
      snapshot();
      Files.writeString(standby.directory().resolve("accounts-btree-0.db"), "damaged");
      CountDownLatch shipped = new CountDownLatch(1);
      StandbyListener holdingUp =
          new StandbyListener() {
            @Override
            public void began(StepName step, long bytes) {
              if (step == StepName.COPY_DATABASES) {
                try {
                  shipped.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            }
          };
      try (Follower follower =
          standby.startFollower(
              FollowOptions.defaults(), holdingUp, monitor, task -> new Thread(task).start())) {
        await(follower, () -> isTroubledBy("damaged"));
        long then = Files.size(acknowledged);
        await(follower, () -> acknowledged.toFile().length() > then + 4096);
        application.kill();
        await(follower, () -> endIn(incoming()).equals(endIn(home)));
        shipped.countDown();
        await(follower, () -> !isTroubledBy("damaged"));
      }
    }
    nothingIsLost();
  }

  private Path incoming() {
    return new StandbyDirectory(standby.directory()).incoming();
  }

  private static Lsn endIn(Path logs) {
    try {
      List<LogFile> files = Files.isDirectory(logs) ? LogFile.in(logs) : List.of();
      return files.isEmpty() ? Lsn.ZERO : LogEnd.of(files.get(files.size() - 1), 0);
    } catch (IOException e) {
      return Lsn.ZERO;
    }
  }

  private void panic() throws IOException {
    // REGENV of src/dbinc/region.h: magic, panic.
    try (RandomAccessFile region = new RandomAccessFile(home.resolve("__db.001").toFile(), "rw")) {
      region.seek(4);
      region.write(1);
    }
  }

  /** A process that was stopped for a while, with a lock of the regions held. */
  @Test
  void regionsThatAnswerAfterAll() throws Exception {
    try (Child application = application()) {
      snapshot();
      SourceRequest impatient =
          new SourceRequest(home, EnvironmentOptions.defaults(), Duration.ofSeconds(1), false);
      try (Follower follower = follow(FollowOptions.builder().source(impatient))) {
        awaitCycles(follower);
        try (Child holding = Writer.holdingLock(home)) {
          await(follower, () -> hasNoted("source-stuck"));
          holding.send("enough");
          assertThat(holding.await().code()).isZero();
        }
        awaitCycles(follower);
        application.kill();
      }
    }
  }

  /** It was restarted while we still waited for an answer of the regions that it had before. */
  @Test
  void regionsMadeAnewBeforeTheirSilenceWasNoticedAreNotWaitedFor() throws Exception {
    StandbyDirectory place = new StandbyDirectory(standby.directory());
    RefusedException silent = new RefusedException(Reason.SOURCE_STUCK, "no answer", "wait");
    Thread waiting =
        new Thread(
            () -> {
              try {
                new FollowWaits(place, monitor)
                    .forRegions(SourceRequest.of(home), Optional.of("those before"), silent);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    waiting.start();
    waiting.join(TimeUnit.MINUTES.toMillis(5));
    assertThat(waiting.isAlive()).isFalse();
  }

  @Test
  void aDiskThatIsFullForAWhile() throws Exception {
    try (Mount disk = Mount.tmpfs(work.resolve("disk"), "48m");
        Child application = application()) {
      at(disk.point().resolve("standby"));
      snapshot();
      try (Follower follower = follow(FollowOptions.builder())) {
        awaitCycles(follower);
        Path filling = disk.point().resolve("filling");
        await(
            follower,
            () -> {
              fill(filling); // again, with what the cycle has given back
              return isTroubledBy("disk-full");
            });
        Files.delete(filling);
        awaitCycles(follower);
        assertThat(monitor.health().isGood()).isTrue();
      }
      application.kill();
      nothingIsLost();
    }
  }

  /** Each attempt joins the source, which has always been there. */
  @Test
  void whoWaitsForRoomIsUnwellUntilAGoodCycle() throws Exception {
    snapshot();
    monitor.joined(home);
    CycleFailedException full =
        new CycleFailedException(Reason.DISK_FULL, "full", "make room", null);
    assertThat(monitor.waiting(full)).isTrue();
    for (int attempt = 0; attempt < 3; attempt++) {
      monitor.joined(home);
      assertThat(isTroubledBy("disk-full")).isTrue();
      assertThat(monitor.waiting(full)).as("told once").isFalse();
    }
    monitor.applied(standby.sync(StandbyListener.NONE));
    assertThat(monitor.health().isGood()).isTrue();
    monitor.waiting(full);
    monitor.away(home, Reason.NO_ENVIRONMENT, "away");
    monitor.joined(home);
    assertThat(monitor.health().isGood()).isTrue();
  }

  /** To the last block, whoever else writes there meanwhile. */
  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file, CREATE, APPEND)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /** Its cycles take longer than the time between them. */
  @Test
  void aSourceThatIsNeverDoneIsDrilled() throws Exception {
    try (Child application = application()) {
      snapshot();
      FollowOptions options =
          FollowOptions.builder()
              .interval(Duration.ofMillis(1))
              .drillInterval(Duration.ofSeconds(1))
              .build();
      try (Follower follower = standby.startFollower(options, StandbyListener.NONE)) {
        await(follower, () -> standby.status().lastDrill().isPresent());
      }
      application.kill();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"home", "."})
  void aLinkWhoseDiskIsAwayAtTheStart(String linked) throws Exception {
    Path disk = Files.createDirectory(work.resolve("disk"));
    home = disk.resolve("home");
    Writer.init(home, "--types", "btree");
    Path to = disk.resolve(linked).normalize();
    Path link = Files.createSymbolicLink(work.resolve("link"), to);
    Path away = work.resolve("away");
    snapshot();
    Files.move(to, away);
    SourceRequest request = SourceRequest.of(link.resolve(to.relativize(home)).normalize());
    try (Follower follower = follow(FollowOptions.builder().source(request))) {
      await(follower, () -> isTroubledBy("source-away"));
      Files.move(away, to);
      try (Child application = application()) {
        awaitCycles(follower);
        application.kill();
      }
    }
    nothingIsLost();
  }
}
