package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.OldestCommit;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Measures how far a standby is behind, from log files alone. The files may grow, move and go
 * meanwhile: what can't be read is left out.
 */
final class LagReader {
  private final Manifest manifest;
  private final Lsn recoveredTo;
  private final List<LogFile> atSource;
  private final List<LogFile> shipped;

  LagReader(StandbyDirectory standby, Manifest manifest) {
    this.manifest = manifest;
    this.recoveredTo = manifest.recoveredTo().lsn();
    this.atSource = manifest.isPromoted() ? List.of() : sourceLogs(manifest);
    this.shipped = manifest.isPromoted() ? List.of() : waiting(standby.incoming());
  }

  /** The source's log files, ascending; none if they can't be read. */
  static List<LogFile> sourceLogs(Manifest manifest) {
    return logs(manifest.source().logPath());
  }

  private static List<LogFile> logs(Path directory) {
    try {
      return Files.isDirectory(directory) ? LogFile.in(directory) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Without a hole, and not those that a cycle which was cut off has left. */
  private List<LogFile> waiting(Path incoming) {
    List<LogFile> all =
        logs(incoming).stream().filter(log -> log.number() >= recoveredTo.file()).toList();
    int count = 0;
    while (count < all.size() && all.get(count).number() == all.get(0).number() + count) {
      count++;
    }
    return all.subList(0, count);
  }

  Lag read() {
    Lsn shippedTo = shippedTo();
    Optional<Lsn> sourceEnd = end(atSource);
    return new Lag(
        shippedTo,
        sourceEnd,
        sourceEnd.map(end -> bytes(recoveredTo, end)),
        sourceEnd.map(end -> bytes(shippedTo, end)),
        manifest.isPromoted() ? Optional.empty() : seconds(sourceEnd.orElse(shippedTo)));
  }

  /** The shipper may be at it: what it has written in this moment is made durable here. */
  private Lsn shippedTo() {
    Lsn end = end(shipped).orElse(Lsn.ZERO);
    if (end.compareTo(recoveredTo) <= 0) {
      return recoveredTo;
    }
    try {
      for (LogFile file : shipped) {
        if (file.number() >= recoveredTo.file() && file.number() <= end.file()) {
          try (FileChannel log = RegularFile.open(file.path())) {
            log.force(false);
          }
        }
      }
      return end;
    } catch (IOException e) {
      return recoveredTo;
    }
  }

  private Optional<Lsn> end(List<LogFile> logs) {
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    LogFile last = logs.get(logs.size() - 1);
    try {
      return Optional.of(LogEnd.of(last, begin(last.number())));
    } catch (IOException e) {
      return end(logs.subList(0, logs.size() - 1)); // it went while we looked
    }
  }

  private long begin(long number) {
    return number == recoveredTo.file() ? recoveredTo.offset() : 0;
  }

  /** Bytes of the source's log in between. */
  private long bytes(Lsn from, Lsn to) {
    long bytes = 0;
    for (LogFile log : atSource) {
      if (log.number() >= from.file() && log.number() <= to.file()) {
        long upTo = log.number() == to.file() ? to.offset() : size(log);
        bytes += Math.max(0, upTo - (log.number() == from.file() ? from.offset() : 0));
      }
    }
    return bytes;
  }

  private static long size(LogFile log) {
    try {
      return log.size();
    } catch (IOException e) {
      return 0;
    }
  }

  private Optional<Long> seconds(Lsn end) {
    if (end.compareTo(recoveredTo) <= 0) {
      return Optional.of(0L);
    }
    if (manifest.source().encrypted()) {
      return Optional.empty();
    }
    TreeMap<Long, Path> logs = new TreeMap<>();
    shipped.forEach(log -> logs.put(log.number(), log.path()));
    atSource.forEach(log -> logs.put(log.number(), log.path()));
    long next = Math.max(recoveredTo.file(), 1);
    for (Map.Entry<Long, Path> log : logs.tailMap(next).entrySet()) {
      if (log.getKey() != next) {
        return Optional.empty(); // what was in the missing file nobody knows
      }
      try (FileChannel channel = RegularFile.open(log.getValue())) {
        Optional<Instant> commit = OldestCommit.in(channel, begin(next));
        if (commit.isPresent()) {
          long age = Duration.between(commit.get(), Instant.now()).toSeconds();
          return Optional.of(Math.max(0, age));
        }
      } catch (IOException e) {
        return Optional.empty();
      }
      next++;
    }
    return next > end.file() ? Optional.of(0L) : Optional.empty();
  }
}
