package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Finds out how a standby stands, from files alone: nothing is joined, nothing is changed. */
final class StatusReader {
  private final StandbyDirectory standby;

  StatusReader(StandbyDirectory standby) {
    this.standby = standby;
  }

  StandbyStatus read() throws IOException {
    Manifest manifest =
        ManifestFile.read(standby.manifest())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_A_STANDBY,
                        standby.home() + ": not a standby of ours, or no snapshot was ever whole",
                        "make it one with 'snapshot'"));
    List<LogFile> logs = manifest.isPromoted() ? List.of() : sourceLogs(manifest);
    Lsn recoveredTo = manifest.recoveredTo().lsn();
    Optional<Lsn> end = end(logs, recoveredTo);
    return new StandbyStatus(
        standby.home(),
        manifest.state(),
        Path.of(manifest.source().home()),
        manifest.procedure(),
        Optional.ofNullable(manifest.archive()).map(Path::of),
        manifest.layout(),
        manifest.copyMethod(),
        manifest.epoch(),
        recoveredTo,
        manifest.firstNeeded(),
        end,
        end.isPresent() ? Optional.of(behind(logs, recoveredTo, end.get())) : Optional.empty(),
        manifest.snapshotAt(),
        manifest.syncedAt(),
        new Journal(standby).isOpen(),
        isRunning(),
        manifest.isPromoted() ? Optional.empty() : problem(manifest, logs));
  }

  private static List<LogFile> sourceLogs(Manifest manifest) throws IOException {
    Path directory = Path.of(manifest.source().logDirectory());
    return Files.isDirectory(directory) ? LogFile.in(directory) : List.of();
  }

  private static Optional<Lsn> end(List<LogFile> logs, Lsn recoveredTo) throws IOException {
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    LogFile last = logs.get(logs.size() - 1);
    long from = last.number() == recoveredTo.file() ? recoveredTo.offset() : 0;
    try (FileChannel log = FileChannel.open(last.path(), StandardOpenOption.READ)) {
      return Optional.of(new Lsn(last.number(), LogEnd.of(log, from)));
    }
  }

  private static long behind(List<LogFile> logs, Lsn recoveredTo, Lsn end) throws IOException {
    long bytes = 0;
    for (LogFile log : logs) {
      long upTo = log.number() == end.file() ? end.offset() : Files.size(log.path());
      if (log.number() > recoveredTo.file()) {
        bytes += upTo;
      } else if (log.number() == recoveredTo.file()) {
        bytes += Math.max(0, upTo - recoveredTo.offset());
      }
    }
    return bytes;
  }

  private Optional<String> problem(Manifest manifest, List<LogFile> logs) throws IOException {
    if (!Files.isDirectory(Path.of(manifest.source().home()))) {
      return Optional.of(manifest.source().home() + ": the source is gone");
    }
    Path held = standby.home().resolve(manifest.logDirectory()).normalize();
    return new IncomingLogs(
            new Target.Held(held, manifest.recoveredTo().lsn()),
            standby.incoming(),
            Path.of(manifest.source().logDirectory()))
        .assess(logs)
        .broken()
        .map(found -> found.reason().word() + ": " + found.message());
  }

  private boolean isRunning() throws IOException {
    if (!Files.exists(standby.lock())) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(standby.lock(), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }
}
