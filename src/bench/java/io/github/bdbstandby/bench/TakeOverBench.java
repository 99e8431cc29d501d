package io.github.bdbstandby.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.bench.scenario.TakeOverTrial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
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

  @Override
  public Integer call() throws Exception {
    List<TakeOverTrial> done = new ArrayList<>();
    Path work = directory.toAbsolutePath().resolve("takeover");
    for (int i = 1; i <= trials; i++) {
      TakeOverTrial trial = TakeOverTrial.run(work, rate, random);
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

  private static ObjectNode report(List<TakeOverTrial> trials) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("trials", trials.size());
    json.put(
        "commitsPerSecond", middle(trials.stream().map(TakeOverTrial::commitsPerSecond).toList()));
    json.put("readableLost", trials.stream().mapToLong(each -> each.readable().lost()).sum());
    put(json, "goneLostMillis", trials.stream().map(TakeOverTrial::lostMillis).toList());
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
