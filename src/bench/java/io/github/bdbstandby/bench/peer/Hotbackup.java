package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code db5.3_hotbackup}, which recovers what it has copied.
 *
 * @param flags as it has them
 */
record Hotbackup(String name, List<String> flags, boolean altersSource, Access access)
    implements Peer {
  static Hotbackup whole(Access access) {
    return new Hotbackup("hotbackup", List.of(), false, access);
  }

  /** With a checkpoint first; it removes the log files from the source that are not needed then. */
  static Hotbackup checkpointing(Access access) {
    return new Hotbackup("hotbackup-c", List.of("-c"), true, access);
  }

  /** The log only, most of which it moves out of the source. */
  static Hotbackup updating(Access access) {
    return new Hotbackup("hotbackup-u", List.of("-u"), true, access);
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    List<String> command = new ArrayList<>(List.of("db5.3_hotbackup"));
    command.addAll(flags);
    command.addAll(access.flags());
    command.addAll(List.of("-h", source.toString(), "-b", backup.toString()));
    return Stopwatch.seconds(() -> Programs.run(command));
  }
}
