package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Recover;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Recovery of a standby with the log that lies in it, and no more: as the cycle would have done it
 * that has let the log in.
 */
final class StandbyRecovery {
  private final StandbyDirectory standby;
  private final Target target;
  private final RecoveryStops stops;
  private final EnvironmentOptions options;
  private final boolean normal;

  private StandbyRecovery(
      StandbyDirectory standby,
      Target target,
      RecoveryStops stops,
      EnvironmentOptions options,
      boolean normal) {
    this.standby = standby;
    this.target = target;
    this.stops = stops;
    this.options = options;
    this.normal = normal;
  }

  /** Puts back the standby's DB_CONFIG, where a failover was killed that had put the primary's. */
  static void putBackConfig(StandbyDirectory standby) throws IOException {
    DbConfig found = DbConfig.of(standby.home());
    DbConfig before = ManifestFile.ofStandby(standby).configBefore(found);
    if (!before.equals(found)) {
      DurableFiles.write(standby.home().resolve(DbConfig.FILE), before.bytes());
    }
  }

  /**
   * Looks whether it can be done; changes nothing. The lock is held.
   *
   * @param options the password, and the cache
   */
  static StandbyRecovery prepare(
      StandbyDirectory standby, EnvironmentOptions options, boolean normal) throws IOException {
    Manifest manifest = ManifestFile.ofStandby(standby);
    Target target = standby.target(manifest);
    AsideGuard.refuse(target, target.aside());
    UnfinishedCycle unfinished = new UnfinishedCycle(standby);
    if (normal && unfinished.stands() && !unfinished.isRecovered()) {
      if (unfinished.isNoCycle()) {
        throw new RefusedException(
            Reason.LOCKED,
            FileNames.shown(standby.home())
                + ": a recovery was cut off here; it may have left pages as they were before the"
                + " last checkpoint in the log",
            "leave out --normal");
      }
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(standby.home())
              + ": a cycle has not ended here; the last checkpoint in its log may be the source's,"
              + " of pages that are not here",
          "leave out --normal, or run 'sync', which ends the cycle");
    }
    if (new OwnCommits(standby, manifest, options).broken().isEmpty()) {
      new RequiredLog(standby, manifest).refuseMissing();
    }
    refuseCutOffIntake(standby, manifest, target, options);
    RecoveryStops stops =
        new OwnLog(standby, manifest, target, options).stops(RecoveryStops.ALL_IN);
    if (stops.astray().isPresent()) {
      throw new RefusedException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.escaped(stops.astray().get())
              + ": was made, renamed or removed in a way that recovery with the log that is here would not follow",
          "run 'sync', or take a new snapshot; if the source is lost, run 'failover'");
    }
    return new StandbyRecovery(standby, target, stops, options, normal);
  }

  /**
   * Recovery would go on in the last file that was let in, and those that follow it at the source
   * would follow it no more.
   */
  private static void refuseCutOffIntake(
      StandbyDirectory standby, Manifest manifest, Target target, EnvironmentOptions options)
      throws IOException {
    IncomingLogs incoming =
        new IncomingLogs(
            target.held().orElseThrow(),
            standby.incoming(),
            manifest.source().logPath(),
            true,
            Optional.of(options));
    List<LogFile> waiting = incoming.waiting();
    if (waiting.isEmpty() || waiting.get(0).number() <= target.held().get().end().file()) {
      return; // it takes the place of the file that recovery goes on in, whatever that has then
    }
    LogFile first = waiting.get(0);
    boolean isIn = Files.exists(target.logDirectory().resolve(first.path().getFileName()));
    if (!isIn && incoming.shared().followsStandby(first)) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(first.path())
              + ": log was being let in here, and this file and those after it wait for that; after"
              + " a recovery they would not follow any more",
          "run 'sync', which goes on from there; if the source is lost, run 'failover'");
    }
  }

  /**
   * Does it.
   *
   * @param due where the log ends
   */
  void run(Lsn due, RunListener listener) throws IOException {
    UnfinishedCycle unfinished = new UnfinishedCycle(standby);
    boolean isWhole = unfinished.isNoCycle();
    if (isWhole) {
      unfinished.recovering(); // its files are no more as its manifest says
    }
    recover(due, listener);
    if (isWhole) {
      unfinished.recovered();
    }
  }

  private void recover(Lsn due, RunListener listener) throws IOException {
    if (normal) {
      // The standby's own recovery has written the last checkpoint: no names come after it.
      DbEnvironment.recover(
          standby.home(),
          RecoveryOptions.normal(options).through(target.pageSlot()),
          listener::recovered);
      return;
    }
    for (RecoveryStops.Stage stage : stops.whole()) {
      Recover.recover(target, stage, due, options, Optional.empty(), listener::recovered);
    }
    SyncGuard.refuseMissing(target, stops.wrong(target));
  }
}
