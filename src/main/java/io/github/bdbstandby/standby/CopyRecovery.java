package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.LogIntake;
import io.github.bdbstandby.procedure.steps.Recover;
import io.github.bdbstandby.procedure.steps.StagedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Recovery of a copy of a standby, the way a failover would recover what lies there. */
final class CopyRecovery {
  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final Target copy;
  private final EnvironmentOptions options;
  private final RunListener listener;

  /**
   * Of one copy.
   *
   * @param manifest the standby's, as it was written
   */
  CopyRecovery(
      StandbyDirectory standby,
      Manifest manifest,
      Target copy,
      EnvironmentOptions options,
      RunListener listener) {
    this.standby = standby;
    this.manifest = manifest;
    this.copy = copy;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Recovers it.
   *
   * @return databases that are not where they should be then
   */
  List<String> run() throws IOException {
    OwnLog log = new OwnLog(standby, manifest, copy, options);
    List<LogFile> files = LogFile.in(copy.logDirectory());
    LogFile last = files.get(files.size() - 1);
    RecoveryStops stops = log.stops(waits(last) ? new Lsn(last.number(), 0) : RecoveryStops.ALL_IN);
    if (!stops.early().isEmpty()) {
      pause(last, stops);
    }
    long bytes = 0;
    for (LogFile each : LogFile.in(copy.logDirectory())) {
      bytes += each.size();
    }
    StagedNames names = new StagedNames(copy, stops.last());
    names.arrange();
    Lsn end =
        DbEnvironment.recover(
            copy.home(),
            RecoveryOptions.catastrophic(Recover.withCache(options, bytes)),
            listener::recovered,
            Recover::endOfLog);
    names.settle();
    names.clear();
    List<String> damage = new ArrayList<>(missing(log.left(written())));
    Recover.shortage(copy, end, manifest.recoveredTo().lsn()).ifPresent(damage::add);
    stops
        .wrong(copy)
        .or(() -> stops.astray().map(lost -> FileNames.escaped(lost) + " is not followed"))
        .ifPresent(
            why -> damage.add(FileNames.shown(standby.home()) + ": renamings in the log: " + why));
    return damage;
  }

  /** Where the history ended when the list of files was made: what was cut off may have come on. */
  private Lsn written() throws IOException {
    return ManifestFile.read(standby.manifest()).orElse(manifest).recoveredTo().lsn();
  }

  /** What a cycle let in before it was cut off is a copy, and its original can be let in again. */
  private boolean waits(LogFile last) {
    return new UnfinishedCycle(standby).stands()
        && Files.exists(standby.incoming().resolve(LogFile.nameOf(last.number())));
  }

  private void pause(LogFile last, RecoveryStops stops) throws IOException {
    Lsn end = new Lsn(last.number(), last.size());
    Files.createDirectories(copy.incoming());
    Files.move(last.path(), copy.incoming().resolve(last.path().getFileName()));
    LogIntake.pauseAt(copy, stops, options, Optional.empty(), listener::recovered);
    LogIntake.place(copy, LogFile.in(copy.incoming()), end);
  }

  /** What the manifest knows, and no log of a cycle that was cut off has renamed or removed. */
  private List<String> missing(Predicate<String> left) {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Manifest.FileAtRest> each : manifest.files().entrySet()) {
      Path file = FileNames.toPath(each.getKey());
      boolean isDatabase =
          each.getValue().kind().equals(Manifest.FileAtRest.DATABASE)
              && !isPart(file)
              && !EnvironmentFiles.isPassing(each.getKey());
      if (isDatabase && !Files.exists(copy.home().resolve(file)) && !left.test(each.getKey())) {
        missing.add(
            FileNames.shown(standby.home().resolve(file))
                + ": is lost when the standby is recovered");
      }
    }
    return missing;
  }

  /** Extents and partitions go with the database that they belong to. */
  private static boolean isPart(Path file) {
    return file.getFileName().toString().startsWith("__dbq.") || EnvironmentFiles.isPartition(file);
  }
}
