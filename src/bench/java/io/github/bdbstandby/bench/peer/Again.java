package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.libdb.LogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A peer that takes inactive log files out of the source, in one from which its last run has taken
 * them: what it costs from the second time on, and to who lets it have the only copy of the log.
 */
record Again(Peer peer, NeededLog needed) implements Peer {
  @Override
  public String name() {
    return peer.name() + "-again";
  }

  @Override
  public boolean altersSource() {
    return true;
  }

  @Override
  public void prepare(Path source, Path backup) throws Exception {
    List<Path> kept = needed.files(source);
    for (LogFile log : LogFile.in(source)) {
      if (!kept.contains(log.path())) {
        Files.delete(log.path());
      }
    }
    peer.prepare(source, backup);
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    return peer.run(source, backup);
  }
}
