package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** SIGKILL of the application while we follow it; it comes again, and we go on. */
final class WriterKill implements Fault {
  private static final long LIMIT_NANOS = 240_000_000_000L;
  private static final int STOPPED = 128 + 15;

  private final Random random;
  private final Aftermath aftermath;
  private String last = "";

  WriterKill(Random random, Aftermath aftermath) {
    this.random = random;
    this.aftermath = aftermath;
  }

  @Override
  public String kind() {
    return "SIGKILL of the source's writer under follow";
  }

  @Override
  public boolean strike(Scene scene) throws IOException, InterruptedException {
    Path standby = scene.prepare(Command.FOLLOW);
    Path trace = scene.scratch("trace");
    Files.deleteIfExists(trace);
    scene.books().command(standby);
    last = kind();
    try (Child follow = Struck.start(scene, Command.FOLLOW, standby, trace, Struck.Blow.none())) {
      await(scene, standby, follow, 1);
      Busy.pause(random.nextInt(400));
      scene.restartWriter(random.nextInt(400));
      // One cycle may have been on its way already; the next has begun after the restart.
      await(scene, standby, follow, 2);
      follow.signal("TERM");
      Child.Ended ended = follow.await();
      last += ": exit " + ended.code() + " " + ended.out() + " " + ended.err();
      assertThat(ended.code()).as("%s", ended).isEqualTo(STOPPED);
    }
    aftermath.check(scene, Command.FOLLOW, standby);
    return true;
  }

  /** Waits for so many more cycles. */
  private static void await(Scene scene, Path standby, Child follow, int more) throws IOException {
    int wanted = scene.books().cycles() + more;
    long end = System.nanoTime() + LIMIT_NANOS;
    while (scene.books().cycles() < wanted) {
      assertThat(follow.isAlive()).as("follow has ended by itself").isTrue();
      assertThat(System.nanoTime()).as("follow makes no more cycles").isLessThan(end);
      scene.busy().assertAlive();
      scene.books().note(standby);
      Busy.pause(10);
    }
  }

  @Override
  public String last() {
    return last;
  }
}
