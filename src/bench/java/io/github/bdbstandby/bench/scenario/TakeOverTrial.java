package io.github.bdbstandby.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * One death of a followed primary: the application and the follower are killed at a random moment,
 * and the standby takes over, once with the source's disk gone and once with it readable.
 *
 * @param lostMillis how old the oldest acknowledged commit was that is lost with the disk
 * @param gone the failover without the source's disk
 * @param readable the failover with it
 */
public record TakeOverTrial(
    double commitsPerSecond, double lostMillis, Failover gone, Failover readable) {
  private static final int ACK_BYTES = 24;
  private static final int LEAST_MILLIS = 4000;

  /**
   * One failover.
   *
   * @param seconds from the call to an environment open for writing
   * @param applying how much of that went into catastrophic recovery
   */
  public record Failover(long lost, double seconds, double applying) {
    /** What was not recovery. */
    public double beyond() {
      return seconds - applying;
    }
  }

  /** Makes one happen in a directory of its own, at so many commits a second. */
  public static TakeOverTrial run(Path work, int rate, Random random) throws Exception {
    Homes.delete(work);
    Files.createDirectories(work);
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Path acks = work.resolve("acks");
    Writer.init(home, "--accounts", "2000", "--log-size", "4194304", "--cache", "33554432");
    long end;
    double seconds;
    try (Child application =
        Writer.start(
            home,
            "--seconds",
            "0",
            "--rate",
            String.valueOf(rate),
            "--threads",
            "8",
            "--sync",
            "--checkpoint-ms",
            "1000",
            "--ack",
            acks.toString())) {
      Standby.at(standby)
          .snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE);
      try (Child follower = Cli.start("follow", "--standby", standby, "--json")) {
        follower.awaitLines("{", 2);
        long before = Files.size(acks) / ACK_BYTES;
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(LEAST_MILLIS + random.nextInt(1000));
        end = System.currentTimeMillis();
        follower.kill();
        application.kill();
        seconds = (System.nanoTime() - start) / 1e9;
        seconds = (Files.size(acks) / (double) ACK_BYTES - before) / seconds;
      }
    }
    Path twin = work.resolve("twin");
    FileUtils.copyDirectory(standby.toFile(), twin.toFile());
    Path gone = Files.move(home, work.resolve("gone"));
    Failover without = failover(standby, acks);
    double lostMillis = lostMillis(standby, acks, end);
    Files.move(gone, home);
    Failover with = failover(twin, acks);
    return new TakeOverTrial(seconds, lostMillis, without, with);
  }

  private static Failover failover(Path standby, Path acks) throws Exception {
    CycleReport report =
        Standby.at(standby).failover(FailoverOptions.defaults(), StandbyListener.NONE).cycle();
    double applying =
        report.steps().stream()
            .filter(step -> step.step() == StepName.RECOVER)
            .mapToDouble(step -> step.duration().toNanos() / 1e9)
            .sum();
    JsonNode check = check(standby, acks);
    if (!check.path("ok").asBoolean() && check.path("lostAcks").asLong() == 0) {
      throw new IOException(standby + ": the application's check failed: " + check);
    }
    return new Failover(
        check.path("lostAcks").asLong(), report.duration().toNanos() / 1e9, applying);
  }

  private static JsonNode check(Path standby, Path acks) throws Exception {
    return new ObjectMapper()
        .readTree(Writer.attempt("check", standby, "--ack", acks.toString()).lastLine());
  }

  private static double lostMillis(Path standby, Path acks, long end) throws Exception {
    long oldest = check(standby, acks).path("oldestLostMicros").asLong();
    return oldest == 0 ? 0 : end - oldest / 1e3;
  }
}
