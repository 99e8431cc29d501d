package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how a standby stands, from files alone: nothing is joined, nothing is changed. A run
 * may be working on it meanwhile.
 */
final class StatusReader {
  private final StandbyDirectory standby;

  StatusReader(StandbyDirectory standby) {
    this.standby = standby;
  }

  StandbyStatus read() throws IOException {
    boolean running = StandbyLock.isHeld(standby);
    Manifest manifest = manifest();
    Manifest found = LogPlace.found(manifest);
    Lag lag = new LagReader(standby, found).read();
    return new StandbyStatus(
        standby.home(),
        manifest.state(),
        manifest.source().homePath(),
        manifest.procedure(),
        manifest.archivePath(),
        manifest.layout(),
        manifest.copyMethod(),
        manifest.epoch(),
        manifest.recoveredTo().lsn(),
        lag.shippedTo(),
        manifest.firstNeeded(),
        lag.sourceEnd(),
        lag.behindBytes(),
        lag.unshippedBytes(),
        lag.behindSeconds(),
        manifest.snapshotAt(),
        manifest.syncedAt(),
        new Journal(standby).isOpen(),
        running,
        problem(manifest, found, running),
        LastError.read(standby)
            .map(
                e ->
                    new StandbyStatus.Failure(
                        e.reason(), e.message(), e.at(), cameAfter(e, manifest))),
        drill(manifest),
        ReplacedStandby.in(standby).stream().map(StandbyDirectory::home).toList(),
        unarchived());
  }

  private Optional<StandbyStatus.Unarchived> unarchived() throws IOException {
    List<LogFile> waiting;
    try {
      waiting = SyncArchive.waiting(standby);
    } catch (NoSuchFileException e) { // archived meanwhile
      waiting = List.of();
    }
    long bytes = 0;
    for (LogFile log : waiting) {
      bytes += log.size();
    }
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(new StandbyStatus.Unarchived(standby.unarchived(), waiting.size(), bytes));
  }

  /** Its own; of a first snapshot that was cut off as it took its place, the one to come. */
  private Manifest manifest() throws IOException {
    Optional<Manifest> manifest = ManifestFile.read(standby.manifest());
    return manifest.isPresent()
        ? manifest.get()
        : new Journal(standby)
            .next()
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_A_STANDBY,
                        FileNames.shown(standby.home())
                            + ": not a standby of ours, or no snapshot was ever whole",
                        "make it one with 'snapshot'"));
  }

  /** Whether a good cycle ended after the failure. */
  private static boolean cameAfter(LastError error, Manifest manifest) {
    Optional<Instant> failed = Manifest.time(error.at());
    return failed.isPresent()
        && Manifest.time(manifest.syncedAt()).filter(failed.get()::isBefore).isPresent();
  }

  static Optional<StandbyStatus.Drill> drill(Manifest manifest) {
    return Optional.ofNullable(manifest.drill())
        .filter(drill -> drill.recoveredTo() != null)
        .map(
            drill ->
                new StandbyStatus.Drill(
                    drill.at(),
                    drill.outcome(),
                    drill.databases(),
                    drill.records(),
                    drill.seconds(),
                    drill.recoveredTo().lsn()));
  }

  private Optional<String> problem(Manifest manifest, Manifest at, boolean running) {
    Optional<String> unended = journalsProblem();
    if (unended.isPresent() || manifest.isPromoted()) {
      return unended;
    }
    Path source = manifest.source().homePath();
    if (!Files.isDirectory(source)) {
      return Optional.of(FileNames.shown(source) + ": the source is gone");
    }
    // Files change places under a run: what does not fit then is no problem, and the run will tell.
    return running ? Optional.empty() : problem(manifest, at);
  }

  /** Why a switch that was cut off can't be ended. */
  private Optional<String> journalsProblem() {
    try {
      new Journal(standby).check();
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(e.reason().word() + ": " + e.getMessage());
    } catch (IOException e) {
      return Optional.of("can't be read: " + e.getMessage());
    }
  }

  private Optional<String> problem(Manifest manifest, Manifest at) {
    Path logs = at.source().logPath();
    Optional<String> found;
    try {
      List<LogFile> atSource = Files.isDirectory(logs) ? LogFile.in(logs) : List.of();
      found =
          new IncomingLogs(
                  standby.target(manifest).held().orElseThrow(),
                  standby.incoming(),
                  logs,
                  true,
                  // an encrypted log has no checksum that could be seen without its password
                  Optional.of(EnvironmentOptions.defaults())
                      .filter(options -> !manifest.source().encrypted()))
              .assess(atSource)
              .broken()
              .map(broken -> broken.reason().word() + ": " + broken.message());
    } catch (IOException e) {
      found = Optional.of("can't be read: " + e.getMessage());
    }
    return found.isPresent() && hasChanged(manifest) ? Optional.empty() : found;
  }

  /** Whether a run has begun, or even ended, since the manifest was read. */
  private boolean hasChanged(Manifest manifest) {
    try {
      return StandbyLock.isHeld(standby)
          || !ManifestFile.read(standby.manifest()).equals(Optional.of(manifest));
    } catch (IOException | RefusedException e) {
      return true;
    }
  }
}
