package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileCreated;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What log that waits does to the names of databases, and how far recovery of the standby follows.
 *
 * @param log that recovery will read, ascending
 * @param from where the standby's history ends
 * @param next where what waits begins
 * @param target the standby, or where its log is looked at
 */
record WaitingNames(List<LogRecord> log, Lsn from, Lsn next, Target target, Layout layout) {
  WaitingNames {
    log = List.copyOf(log);
  }

  /** The same without the log files below one. */
  WaitingNames since(long file) {
    return new WaitingNames(
        log.stream().filter(record -> record.lsn().file() >= file).toList(),
        from,
        next,
        target,
        layout);
  }

  /** How recovery follows, if the log ended there. */
  RecoveryStops stops(Lsn end) throws IOException {
    List<LogRecord> before =
        log.stream().filter(record -> record.lsn().compareTo(end) < 0).toList();
    return RecoveryStops.find(before, from, next, target, layout);
  }

  /**
   * The last end up to which it follows all, no lower than what the standby has recovered, whose
   * pages are as new; empty if that is too much for it. Between two ends that are looked at nothing
   * is said of names, nor committed that is about them.
   *
   * @param before where the log ends
   */
  Optional<Lsn> followedTo(Lsn before) throws IOException {
    Lsn first = from.compareTo(next) > 0 ? from : next;
    List<Lsn> ends = new ArrayList<>(List.of(first));
    for (LogRecord record : log) {
      boolean names =
          record instanceof FileCreated
              || record instanceof FileRenamed
              || record instanceof FileRemoved
              || record instanceof Other;
      if (names && record.lsn().compareTo(first) > 0 && record.lsn().compareTo(before) < 0) {
        ends.add(record.lsn());
      }
    }
    int followed = -1;
    for (int high = ends.size(); followed + 1 < high; ) {
      int middle = (followed + high) >>> 1;
      if (stops(ends.get(middle)).astray().isEmpty()) {
        followed = middle;
      } else {
        high = middle;
      }
    }
    return followed < 0 ? Optional.empty() : Optional.of(ends.get(followed));
  }
}
