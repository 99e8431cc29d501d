package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Caches;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Meter;
import io.github.bdbstandby.bench.peer.NeededLog;
import io.github.bdbstandby.testkit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Catastrophic recovery of the same log with one cache after another. */
final class RecoveryCache implements Scenario {
  private static final List<Long> CACHES =
      List.of(256L << 10, 1L << 20, 8L << 20, 32L << 20, 128L << 20, 512L << 20);

  @Override
  public String name() {
    return "recovery-cache";
  }

  @Override
  public String description() {
    return "libdb's recovery of the same log with smaller and larger caches";
  }

  @Override
  public void run(Arena arena) throws Exception {
    Path place = arena.fresh(name());
    Path template = arena.standard();
    Path ahead = Homes.copy(template, place.resolve("ahead"));
    NeededLog needed = new NeededLog();
    long commits = arena.size().unpacedCommits() / 4;
    try (Child holder = Application.hold(ahead)) {
      needed.mark(ahead);
      Application.run(
          "run", ahead, "--commits", commits, "--thread-base", 100, "--checkpoint-ms", 1000);
      holder.kill();
    }
    List<Path> logs = needed.files(ahead);
    List<Long> order = new ArrayList<>(CACHES);
    for (int round = 0; round < arena.rounds(); round++) {
      for (long cache : order) {
        Path home = Homes.copy(template, place.resolve("behind"));
        Homes.removeLogs(home);
        for (Path log : logs) {
          Files.copy(log, home.resolve(log.getFileName()));
        }
        Caches.WARM.prepare(home);
        double seconds =
            Application.run("replay", home, "--cache", cache).path("nanos").asLong() / 1e9;
        boolean good = Application.check(template, home, arena.standardCommits() + commits);
        String subject = "cache-" + (cache >> 10) + "KiB";
        arena.say(
            String.format(
                Locale.ROOT,
                "%s, round %d: %s %.3f s%s",
                name(),
                round + 1,
                subject,
                seconds,
                good ? "" : ", BAD"));
        if (good) {
          arena.meter().less(round, name(), subject, Meter.WALL, "s", seconds);
        }
      }
      Collections.rotate(order, 1);
    }
    arena.fresh(name());
    arena.meter().ratio(name(), Meter.WALL, "cache-256KiB", "cache-524288KiB");
  }
}
