package io.github.bdbstandby.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What one listing of inactive log files costs: from C, through the binding, and by a program. */
@Command(
    name = "listing",
    mixinStandardHelpOptions = true,
    description = "log_archive from C, through the binding, and by spawning db5.3_archive.")
final class ListingBench implements Callable<Integer> {
  private static final int CALLS = 20_000;
  private static final int SPAWNS = 10;

  @Option(names = "--rounds", defaultValue = "5", description = "Taken in turn. Default: 5.")
  private int rounds;

  @Option(
      names = "--dir",
      defaultValue = "target/bench",
      description = "Where to work. Default: target/bench.")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    List<Double> fromC = new ArrayList<>();
    List<Double> bound = new ArrayList<>();
    List<Double> spawned = new ArrayList<>();
    try (Listing listing = Listing.in(directory.toAbsolutePath().resolve("listing"))) {
      nanos(CALLS, listing::bound); // warm
      for (int round = 0; round < rounds; round++) {
        fromC.add(listing.fromC(CALLS));
        bound.add(nanos(CALLS, listing::bound));
        spawned.add(nanos(SPAWNS, listing::spawned));
      }
    }
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("cNanos", middle(fromC));
    json.put("bindingNanos", middle(bound));
    json.put("spawnedNanos", middle(spawned));
    json.put("bindingToC", middle(bound) / middle(fromC));
    json.put("spawnedToBinding", middle(spawned) / middle(bound));
    System.out.println(json);
    return 0;
  }

  /** One listing. */
  private interface Call {
    void run() throws Exception;
  }

  private static double nanos(int calls, Call call) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    return (System.nanoTime() - start) / (double) calls;
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }
}
