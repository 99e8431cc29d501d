package io.github.bdbstandby.bench.arena;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The directories in which one run takes place, and what it gathers. Environments that cost minutes
 * to make are kept for the next run.
 */
public final class Arena {
  private static final String COMPLETE = "complete";

  private final Path directory;
  private final Size size;
  private final int rounds;
  private final Meter meter;
  private final Map<String, String> environments = new LinkedHashMap<>();

  public Arena(Path directory, Size size, int rounds) {
    this.directory = directory.toAbsolutePath().normalize();
    this.size = size;
    this.rounds = rounds;
    this.meter = new Meter(size.isFull());
  }

  public Size size() {
    return size;
  }

  public int rounds() {
    return rounds;
  }

  /** For what reads an environment that nobody has read lately; a small run leaves them alone. */
  public Caches coldCaches() {
    return size.isFull() ? Caches.DROPPED : Caches.WARM;
  }

  public Meter meter() {
    return meter;
  }

  /** A directory of a scenario's own. */
  public Path place(String name) {
    return directory.resolve(name);
  }

  /** The same, emptied away. */
  public Path fresh(String name) throws IOException {
    Path path = place(name);
    Homes.delete(path);
    Files.createDirectories(directory);
    return path;
  }

  /** How much of the disk is free. */
  public long room() throws IOException {
    Files.createDirectories(directory);
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Tells who waits how far it is. */
  public void say(String text) {
    System.err.println("bench: " + text);
  }

  /** An environment at rest, as most scenarios want it. */
  public Path standard() throws Exception {
    return kept("standard", standardOptions(), size.commits());
  }

  /** Of the writer's {@code init}. */
  public List<String> standardOptions() {
    List<String> options = new ArrayList<>(List.of("--types", "btree,hash", "--databases", "2"));
    options.addAll(List.of("--accounts", String.valueOf(size.accounts()), "--value-size", "250"));
    options.addAll(size.options());
    return options;
  }

  /** How many commits the standard environment has. */
  public long standardCommits() {
    return size.commits();
  }

  /** An environment at rest, made by so many commits after the writer's {@code init}. */
  public Path kept(String name, List<String> options, int commits) throws Exception {
    return kept(name, options, commits, home -> {});
  }

  /** What else is done to an environment. */
  @FunctionalInterface
  public interface Finish {
    void run(Path home) throws Exception;
  }

  /** The same, finished so; how must not change between two runs. */
  public Path kept(String name, List<String> options, int commits, Finish finish) throws Exception {
    String recipe = options + " " + commits + "\n";
    Path place = directory.resolve("kept").resolve(name + "-" + size.name());
    Path home = place.resolve("home");
    Path complete = place.resolve(COMPLETE);
    if (Files.exists(complete) && Files.readString(complete).equals(recipe)) {
      return home;
    }
    say("making the environment " + name);
    Homes.delete(place);
    Files.createDirectories(place);
    Application.run("init", home, options);
    if (commits > 0) {
      JsonNode done =
          Application.run(
              "run",
              home,
              "--commits",
              commits,
              "--threads",
              4,
              "--checkpoint-ms",
              size.isFull() ? 5000 : 100);
      if (done.path("commits").asInt() != commits) {
        throw new IOException(home + ": " + done);
      }
    }
    finish.run(home);
    Application.run("checkpoint", home);
    Application.run("remove-environment", home);
    Files.writeString(complete, recipe);
    return home;
  }

  /** Notes what the environment of a scenario is, for who reads the report. */
  public void describe(String scenario, Path home) throws IOException {
    List<Path> databases = Homes.databases(home);
    List<Path> logs = LogFile.in(home).stream().map(LogFile::path).toList();
    environments.put(
        scenario,
        String.format(
            Locale.ROOT,
            "%d databases of %.0f MB, %d log files of %.0f MB",
            databases.size(),
            Homes.bytes(databases) / 1e6,
            logs.size(),
            Homes.bytes(logs) / 1e6));
  }

  /** What the environments were, by scenario. */
  public Map<String, String> environments() {
    return environments;
  }
}
