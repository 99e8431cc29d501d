package io.github.bdbstandby.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much is lost, and how long it takes, when a followed primary dies: the application and the
 * follower are killed at a random moment, and the standby takes over, once with the source's disk
 * gone and once with it readable.
 */
@Command(
    name = "takeover",
    mixinStandardHelpOptions = true,
    description = "What is lost and how long it takes when a followed primary dies.")
final class TakeOverBench implements Callable<Integer> {
  private static final int ACK_BYTES = 24;
  private static final int LEAST_MILLIS = 4000;

  @Option(names = "--trials", defaultValue = "30", description = "How many deaths. Default: 30.")
  private int trials;

  @Option(
      names = "--rate",
      defaultValue = "2500",
      description = "Commits a second that are asked of the application. Default: 2500.")
  private int rate;

  @Option(
      names = "--dir",
      defaultValue = "target/bench",
      description = "Where to work. Default: target/bench.")
  private Path directory;

  private final Random random = new Random();

  /** One death. */
  private record Trial(
      double commitsPerSecond, double lostMillis, Failover gone, Failover readable) {}

  /**
   * One failover.
   *
   * @param seconds from the call to an environment open for writing
   * @param applying how much of that went into catastrophic recovery
   */
  private record Failover(long lost, double seconds, double applying) {
    double beyond() {
      return seconds - applying;
    }
  }

  @Override
  public Integer call() throws Exception {
    List<Trial> done = new ArrayList<>();
    Path work = directory.toAbsolutePath().resolve("takeover");
    for (int i = 1; i <= trials; i++) {
      FileUtils.deleteDirectory(work.toFile());
      Files.createDirectories(work);
      Trial trial = trial(work);
      done.add(trial);
      System.out.printf(
          Locale.ROOT,
          "%3d  %6.0f commits/s   gone: %4d lost, %6.1f ms, %.3f s   readable: %d lost, %.3f s%n",
          i,
          trial.commitsPerSecond(),
          trial.gone().lost(),
          trial.lostMillis(),
          trial.gone().seconds(),
          trial.readable().lost(),
          trial.readable().seconds());
    }
    FileUtils.deleteDirectory(work.toFile());
    ObjectNode json = report(done);
    System.out.println(json);
    return json.path("readableLost").asLong() == 0 ? 0 : 1;
  }

  private Trial trial(Path work) throws Exception {
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
    return new Trial(seconds, lostMillis, without, with);
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

  private static ObjectNode report(List<Trial> trials) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("trials", trials.size());
    json.put("commitsPerSecond", middle(trials.stream().map(Trial::commitsPerSecond).toList()));
    json.put("readableLost", trials.stream().mapToLong(each -> each.readable().lost()).sum());
    put(json, "goneLostMillis", trials.stream().map(Trial::lostMillis).toList());
    put(json, "goneSeconds", trials.stream().map(each -> each.gone().seconds()).toList());
    put(json, "readableSeconds", trials.stream().map(each -> each.readable().seconds()).toList());
    put(json, "beyondApplying", trials.stream().map(each -> each.readable().beyond()).toList());
    return json;
  }

  private static void put(ObjectNode json, String name, List<Double> values) {
    json.putObject(name)
        .put("median", middle(values))
        .put("worst", values.stream().mapToDouble(Double::doubleValue).max().orElse(0));
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }
}
