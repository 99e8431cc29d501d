package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Homes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What libdb's catastrophic recovery of the needed log costs from C, with the cache that ours gives
 * it; the log is put there beforehand.
 */
record BareReplay(NeededLog needed) implements Peer {
  private static final long SMALLEST_CACHE = 32L << 20;
  private static final long LARGEST_CACHE = 512L << 20;

  @Override
  public String name() {
    return "bare-replay";
  }

  @Override
  public void prepare(Path source, Path backup) throws Exception {
    Homes.removeLogs(backup);
    for (Path log : needed.files(source)) {
      Files.copy(log, backup.resolve(log.getFileName()));
    }
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    List<Path> logs = needed.files(source);
    long cache = Math.max(SMALLEST_CACHE, Math.min(LARGEST_CACHE, 2 * Homes.bytes(logs)));
    return Application.run("replay", backup, "--cache", cache).path("nanos").asLong() / 1e9;
  }
}
