package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Stopwatch;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import java.nio.file.Path;

/**
 * Ours as a library, in this process.
 *
 * @param update whether it is {@code sync}, or else {@code snapshot}
 */
record InProcess(boolean update) implements Peer {
  @Override
  public String name() {
    return "ours";
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    Standby standby = Standby.at(backup);
    return Stopwatch.seconds(
        () -> {
          if (update) {
            standby.sync(StandbyListener.NONE);
          } else {
            standby.snapshot(
                SourceRequest.of(source), SnapshotOptions.defaults(), StandbyListener.NONE);
          }
        });
  }
}
