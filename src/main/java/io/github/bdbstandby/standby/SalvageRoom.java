package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Room for the log that a failover lets in. */
final class SalvageRoom {
  private final Target target;
  private final Lsn end;

  /** That of a standby's disks. */
  SalvageRoom(Target target) {
    this.target = target;
    this.end = target.held().orElseThrow().end();
  }

  /**
   * Checks. No more is asked than what comes: a standby that has all can be promoted on a disk that
   * is full.
   *
   * @param waiting log that was shipped
   * @param wanted log files at the source that go beyond that
   * @throws RefusedException {@code disk-full}
   */
  void check(List<LogFile> waiting, List<LogFile> wanted) throws IOException {
    Map<Long, LogFile> all = new TreeMap<>();
    waiting.forEach(log -> all.put(log.number(), log));
    wanted.forEach(log -> all.put(log.number(), log));
    if (all.isEmpty()) {
      return;
    }
    List<LogFile> logs = List.copyOf(all.values());
    long ofTheLast = records(logs.get(logs.size() - 1));
    long letIn = ofTheLast;
    long shipped = Math.max(0, ofTheLast - waiting(logs.get(logs.size() - 1)));
    for (LogFile log : logs.subList(0, logs.size() - 1)) {
      letIn += log.size();
      shipped += Math.max(0, log.size() - waiting(log));
    }
    long known = all.containsKey(end.file()) ? end.offset() : 0;
    // What is replayed may make databases grow.
    long margin = Math.min(SpaceGuard.MARGIN, Math.max(0, letIn - known));
    Path home = target.home();
    DiskRoom room = new DiskRoom();
    room.add(home, shipped + ofTheLast + margin); // that one is let in as a copy
    if (!SpaceGuard.isShared(target.logDirectory(), home)) {
      room.add(target.logDirectory(), letIn + margin);
    }
    room.check();
  }

  /** The last file may be as long as it will ever be, with nothing in it yet. */
  private static long records(LogFile log) throws IOException {
    try {
      return LogEnd.of(log, 0).offset();
    } catch (IOException e) { // who ships it will tell
      return log.size();
    }
  }

  private long waiting(LogFile log) throws IOException {
    return new LogFile(log.number(), target.incoming().resolve(log.path().getFileName())).size();
  }
}
