package io.github.bdbstandby.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
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
    Path home = directory.toAbsolutePath().resolve("listing");
    FileUtils.deleteDirectory(home.toFile());
    Files.createDirectories(home.getParent());
    Writer.init(home);
    Writer.work(home, 3000);
    List<Double> fromC = new ArrayList<>();
    List<Double> bound = new ArrayList<>();
    List<Double> spawned = new ArrayList<>();
    try (Child application = Writer.idle(home);
        DbEnvironment environment = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      bound(environment); // warm
      for (int round = 0; round < rounds; round++) {
        fromC.add(
            Writer.run("archive-time", home, "--records", String.valueOf(CALLS))
                .path("nanos")
                .asDouble());
        bound.add(bound(environment));
        spawned.add(spawned(home));
      }
      application.kill();
    }
    FileUtils.deleteDirectory(home.toFile());
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("cNanos", middle(fromC));
    json.put("bindingNanos", middle(bound));
    json.put("spawnedNanos", middle(spawned));
    json.put("bindingToC", middle(bound) / middle(fromC));
    json.put("spawnedToBinding", middle(spawned) / middle(bound));
    System.out.println(json);
    return 0;
  }

  private static double bound(DbEnvironment environment) {
    long names = 0;
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      names += environment.inactiveLogFiles().names().size();
    }
    double nanos = (System.nanoTime() - start) / (double) CALLS;
    if (names == 0) {
      throw new IllegalStateException("nothing was listed");
    }
    return nanos;
  }

  private static double spawned(Path home) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < SPAWNS; i++) {
      try (Child child =
          Child.start(new ProcessBuilder("db5.3_archive", "-a", "-h", home.toString()))) {
        child.await();
      }
    }
    return (System.nanoTime() - start) / (double) SPAWNS;
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }
}
