package io.github.bdbstandby.bench.scenario;

import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.arena.Meter;
import java.io.IOException;
import java.util.Locale;
import java.util.Random;

/** How far behind a followed standby is, and how long a takeover takes. */
final class TakeOver implements Scenario {
  private static final int COMMITS_PER_SECOND = 2500;
  private static final int DEATHS_IN_A_ROUND = 5;

  @Override
  public String name() {
    return "takeover";
  }

  @Override
  public String description() {
    return "what is lost and how long it takes when a followed primary dies";
  }

  @Override
  public void run(Arena arena) throws Exception {
    Random random = new Random();
    Meter meter = arena.meter();
    int deaths = arena.size().isFull() ? DEATHS_IN_A_ROUND : 1;
    for (int i = 0; i < deaths * arena.rounds(); i++) {
      TakeOverTrial trial = TakeOverTrial.run(arena.place(name()), COMMITS_PER_SECOND, random);
      if (trial.readable().lost() != 0) {
        throw new IOException("commits are lost although the source's disk can be read: " + trial);
      }
      arena.say(
          String.format(
              Locale.ROOT,
              "%s, death %d: %.1f ms lost, open for writing after %.3f s",
              name(),
              i + 1,
              trial.lostMillis(),
              trial.readable().seconds()));
      meter.more(i, name(), "application", "commits", "1/s", trial.commitsPerSecond());
      meter.less(i, name(), "disk-gone", "lost", "ms", trial.lostMillis());
      meter.less(i, name(), "disk-gone", "take-over", "s", trial.gone().seconds());
      meter.less(i, name(), "disk-readable", "take-over", "s", trial.readable().seconds());
      meter.less(i, name(), "disk-readable", "beyond-recovery", "s", trial.readable().beyond());
    }
    arena.fresh(name());
  }
}
