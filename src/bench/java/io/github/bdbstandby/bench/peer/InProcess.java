package io.github.bdbstandby.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bdbstandby.bench.arena.Stopwatch;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Ours as a library, in this process.
 *
 * @param update whether it is {@code sync}, or else {@code snapshot}
 */
record InProcess(boolean update, Access access) implements Peer {
  @Override
  public String name() {
    return "ours";
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    Standby standby = Standby.at(backup);
    Optional<byte[]> password = access.password().map(word -> word.getBytes(UTF_8));
    SourceRequest request = SourceRequest.of(source);
    SourceRequest opening = password.map(request::withPassword).orElse(request);
    return Stopwatch.seconds(
        () -> {
          if (update) {
            standby.sync(SyncOptions.of(opening), StandbyListener.NONE);
          } else {
            standby.snapshot(opening, SnapshotOptions.defaults(), StandbyListener.NONE);
          }
        });
  }
}
