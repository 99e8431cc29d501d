package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at any moment leaves a directory that helps. */
final class KilledSnapshotTest {
  private static final int MOMENTS = 5;

  @TempDir Path work;
  private final Random random = new Random(7);
  private Path home;
  private Path standby;
  private Path marks;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    marks = standby.resolve(".bdb-standby");
    Writer.init(home, "--types", "btree,hash,queue", "--accounts", "2000");
    // Many small files make a switch that can be met in the middle.
    Path many = Files.createDirectory(home.resolve("many"));
    for (int i = 0; i < 200; i++) {
      Files.writeString(many.resolve("file" + i), "number " + i);
    }
  }

  /** Kills a snapshot some time after a file of ours has appeared; says whether it still ran. */
  private boolean killAfter(String sign) throws Exception {
    try (Child run = Cli.start("snapshot", "--home", home, "--standby", standby, "--json")) {
      while (run.isAlive() && !Files.exists(marks.resolve(sign))) {
        Thread.onSpinWait();
      }
      long end = System.nanoTime() + random.nextLong(TimeUnit.MILLISECONDS.toNanos(60));
      while (run.isAlive() && System.nanoTime() < end) {
        LockSupport.parkNanos(100_000);
      }
      boolean alive = run.isAlive();
      run.kill();
      return alive;
    }
  }

  @Test
  void firstSnapshot() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200")) {
      for (int i = 0; i < MOMENTS; i++) {
        killAfter(i % 2 == 0 ? "image" : "lock");
        Outcome sync = Cli.json("sync", "--standby", standby);
        // 0 where it was already on its way into place.
        assertThat(sync.code()).as("%s", sync).isIn(0, 3);
        if (sync.code() == 3) {
          assertThat(sync.json().path("reason").asText()).isEqualTo("not-a-standby");
        }
        Cli.json("snapshot", "--home", home, "--standby", standby).good();
        check();
        Tree.delete(standby);
      }
      assertThat(application.stop().code()).isZero();
    }
  }

  @Test
  void overAnExistingStandby() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200")) {
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      for (int i = 0; i < MOMENTS; i++) {
        killAfter(i % 2 == 0 ? "journal.json" : "image");
        check();
        Outcome sync = Cli.json("sync", "--standby", standby);
        assertThat(sync.code()).as("%s", sync).isIn(0, 4);
        assertThat(sync.nativeErr()).isEmpty();
        check();
        if (sync.code() == 4) {
          Cli.json("snapshot", "--home", home, "--standby", standby).good();
        }
        Cli.json("verify", "--standby", standby).good();
      }
      assertThat(application.stop().code()).isZero();
    }
  }

  /** A copy of the standby, as it lies there, is promoted and found right. */
  private void check() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    Cli.json("failover", "--standby", copy).good();
    Writer.run("check", copy);
    Tree.delete(copy);
  }
}
