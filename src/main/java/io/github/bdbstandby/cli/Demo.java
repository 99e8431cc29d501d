package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Follower;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.VerificationReport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;

/**
 * The main job from start to failover. The application is another process, the way it would be in
 * life: a program in C that knows libdb and nothing of us, keeps books on what it has committed,
 * and can recompute every record from them.
 */
final class Demo implements AutoCloseable {
  private static final int LEAST_CYCLES = 3;
  private static final long LOOK_MILLIS = 20;

  private final Reporting reporting;
  private final Path work;
  private final DemoApplication application;

  /**
   * What came of it.
   *
   * @param cycles applied by the follower
   * @param acknowledged transactions that the application knew to be durable when it was killed
   * @param readable the takeover with the source's disk still there
   * @param gone the takeover with it gone
   * @param right whether every record was what it must be
   */
  record Result(int cycles, long acknowledged, TakenOver readable, TakenOver gone, boolean right) {
    boolean isGood() {
      return fault().isEmpty();
    }

    Optional<Fault> fault() {
      if (readable.lost() > 0) {
        return Optional.of(
            new Fault("lost", readable.lost() + " commits are not in the new primary"));
      }
      if (!right) {
        return Optional.of(
            new Fault("damaged", "no commit is lost, but not all records are what they must be"));
      }
      return acknowledged > 0
          ? Optional.empty()
          : Optional.of(new Fault("no-commits", "the application has committed nothing"));
    }
  }

  /** What is wrong with it, in one word and in a sentence. */
  record Fault(String reason, String message) {}

  /**
   * One standby that took over.
   *
   * @param lost acknowledged transactions that it does not have
   * @param lostMillis how long before the end the oldest of these was acknowledged
   * @param commits transactions that it has
   * @param accounts records recomputed
   * @param duration from the command to an environment open for writing
   */
  record TakenOver(long lost, long lostMillis, long commits, long accounts, Duration duration) {}

  Demo(Path parent, Reporting reporting) throws IOException {
    this.reporting = reporting;
    this.work = Files.createTempDirectory(parent == null ? place() : parent, "bdb-standby-demo");
    this.application = new DemoApplication(work);
  }

  /** The first of the usual places where a live file can be read page by page. */
  private static Path place() throws IOException {
    Path first = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path each :
        new Path[] {
          first, Path.of(""), Path.of(System.getProperty("user.home")), Path.of("/var/tmp")
        }) {
      Path candidate = each.toAbsolutePath();
      try {
        new CopyMethodChoice(CopyMethodChoice.Sharing.OTHER_PROCESS, Optional.empty(), candidate)
            .of(candidate);
        return candidate;
      } catch (NoPageAtomicReadException e) {
        // the next one, then
      }
    }
    return first;
  }

  Result run(int seconds) throws IOException {
    Path home = work.resolve("active");
    Path copy = work.resolve("standby");
    application.create(home);
    say("An application works on %s: B-tree, hash, recno, queue and heap databases,", home);
    say("each commit made durable and written down, checkpoints, transactions of two seconds.");
    application.start(home);
    Standby standby = Standby.at(copy);
    cycle(
        standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE));
    AtomicInteger cycles = new AtomicInteger();
    try (Follower follower = standby.startFollower(FollowOptions.defaults(), counting(cycles))) {
      awaitCycles(follower, seconds, cycles);
    }
    VerificationReport verified = standby.verify(Optional.empty(), StandbyListener.NONE);
    say(
        "Verified: %d files as the manifest has them, %d databases right in libdb's eyes.",
        verified.files(), verified.databases());
    long end;
    try (Follower follower = standby.startFollower(FollowOptions.defaults(), counting(cycles))) {
      awaitCycles(follower, 2, cycles);
      end = application.kill();
    }
    say("The application is killed (SIGKILL), and the follower with it. Two standbys take over:");
    Path twin = work.resolve("twin");
    FileUtils.copyDirectory(copy.toFile(), twin.toFile());
    Path gone = Files.move(home, work.resolve("gone"));
    TakenOver without = takeOver(twin, end, "the source's disk gone");
    Files.move(gone, home);
    TakenOver with = takeOver(copy, end, "the source's disk readable");
    application.workOn(copy);
    JsonNode after = application.check(copy);
    say(
        "The application goes on in the new primary: %d transactions now, all right.",
        after.path("journal").asLong());
    boolean right = verified.isGood() && after.path("ok").asBoolean();
    return new Result(cycles.get(), application.acknowledged(), with, without, right);
  }

  private StandbyListener counting(AtomicInteger cycles) {
    return new StandbyListener() {
      @Override
      public void cycleEnded(CycleReport report) {
        cycles.incrementAndGet();
        cycle(report);
      }
    };
  }

  /** Lets it work for so long, and for a few cycles at the least. */
  private static void awaitCycles(Follower follower, int seconds, AtomicInteger cycles)
      throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int least = cycles.get() + LEAST_CYCLES;
    try {
      while ((System.nanoTime() < end || cycles.get() < least) && follower.isRunning()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      if (!follower.isRunning()) {
        follower.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Fails over and looks what is missing. */
  private TakenOver takeOver(Path standby, long killed, String how) throws IOException {
    CycleReport report =
        Standby.at(standby).failover(FailoverOptions.defaults(), StandbyListener.NONE).cycle();
    JsonNode checked = application.check(standby);
    long oldest = checked.path("oldestLostMicros").asLong();
    TakenOver result =
        new TakenOver(
            checked.path("lostAcks").asLong(),
            oldest == 0 ? 0 : Math.max(1, killed - oldest / 1000),
            checked.path("journal").asLong(),
            checked.path("accounts").asLong(),
            report.duration());
    say(
        "  %s: open for writing after %.3f s; of %d acknowledged transactions %s; %d accounts"
            + " recomputed.",
        how,
        CycleOutput.seconds(result.duration()),
        application.acknowledged(),
        result.lost() == 0
            ? "none is lost"
            : result.lost() + " are lost, those of the last " + result.lostMillis() + " ms",
        result.accounts());
    if (result.lost() == 0 && !checked.path("ok").asBoolean()) {
      throw new IOException(
          FileNames.shown(standby) + ": the application's check failed: " + checked);
    }
    return result;
  }

  private void cycle(CycleReport report) {
    long bytes = report.steps().stream().mapToLong(step -> step.bytes()).sum();
    say(
        "%-9s %8.3f s  %9s  %3d of %3d log files needed, recovered to %s",
        report.command(),
        CycleOutput.seconds(report.duration()),
        CycleOutput.size(bytes),
        report.logs().needed(),
        report.logs().retained(),
        report.recoveredTo());
    report.notes().forEach(note -> say("  %s", note));
  }

  private void say(String format, Object... arguments) {
    if (reporting.isJson()) {
      reporting.err().println(String.format(Locale.ROOT, format, arguments));
      reporting.err().flush();
    } else {
      reporting.say(String.format(Locale.ROOT, format, arguments));
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    application.kill();
    FileUtils.deleteDirectory(work.toFile());
  }
}
