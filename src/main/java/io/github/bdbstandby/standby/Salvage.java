package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.libdb.WrongPasswordException;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.LogIntake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The last of a source's log: what can still be read of it, and what was shipped before. The source
 * is read file by file and never joined: its regions may have died with a lock held.
 */
final class Salvage {
  private static final int LAST_LOOKS = 20;

  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final Target target;
  private final EnvironmentOptions options;
  private final RunListener listener;
  private final LossGuard guard;
  private final Consumer<String> notes;
  private final Shortfall shortfall;
  private boolean gathered;
  private Lsn gatheredTo = Lsn.ZERO;
  private RecoveryStops stops = RecoveryStops.NONE;

  /**
   * The salvage of one failover.
   *
   * @param target the standby; in another directory of its own its log is gathered to be looked at
   * @param guard refuses what must not be lost
   * @param notes is told what could not be had, and why
   */
  Salvage(
      StandbyDirectory standby,
      Manifest manifest,
      Target target,
      EnvironmentOptions options,
      RunListener listener,
      LossGuard guard,
      Consumer<String> notes) {
    this.standby = standby;
    this.manifest = manifest;
    this.target = target;
    this.options = options;
    this.listener = listener;
    this.guard = guard;
    this.notes = notes;
    this.shortfall = new Shortfall(guard, notes);
  }

  /** Where the log that was let in ends; zero before {@link #gather}, or if there was none. */
  Lsn gatheredTo() {
    return gatheredTo;
  }

  /** How the names in that log are followed. */
  RecoveryStops.Stage lastStage() {
    return stops.last();
  }

  /** A database that was made, renamed or removed in that log, and is not as it should be. */
  Optional<String> wrong() throws IOException {
    return stops.wrong(target);
  }

  /** The source's log files that can be seen. */
  List<LogFile> sourceLogs() {
    return new LogsOfTheLost(sourceDirectory()).seen();
  }

  private Path sourceDirectory() {
    return manifest.source().logPath();
  }

  /**
   * The source's log files that go beyond what waits here; a note says why there are none. Changes
   * nothing.
   *
   * @throws SnapshotNeededException if there is log that can't be had, and that was not accepted
   * @throws RefusedException if there is log that can't be read, and that was not accepted; {@code
   *     disk-full} if the standby's disk can't take what there is
   */
  List<LogFile> salvageable() throws IOException {
    if (isRunOn()) {
      return List.of();
    }
    Optional<IncomingLogs.Assessment> assessment = assess();
    List<LogFile> waiting = incoming().waiting();
    List<LogFile> wanted =
        assessment.isPresent() ? wanted(sourceLogs(), assessment.get()) : List.of();
    if (assessment.isPresent() || waitingLog().isUsable(waiting)) {
      new SalvageRoom(target).check(waiting, wanted);
    }
    return wanted;
  }

  /** Whether somebody has committed in the standby: nothing can be let in beside that. */
  private boolean isRunOn() throws IOException {
    Optional<IncomingLogs.Break> own = new OwnCommits(standby, manifest, options).broken();
    if (own.isEmpty()) {
      return false;
    }
    LetInLog letIn = new LetInLog(standby, manifest);
    letIn.unreadable().ifPresent(why -> shortfall.unreadable(false, why, Optional.empty()));
    if (letIn.isAll()) {
      notes.accept(own.get().message() + "; it is promoted with them");
    } else {
      shortfall.broken(false, own.get(), sourceLogs());
    }
    return true;
  }

  private static List<LogFile> wanted(List<LogFile> logs, IncomingLogs.Assessment assessment) {
    return logs.stream().filter(assessment::takes).toList();
  }

  private Optional<IncomingLogs.Assessment> assess() throws IOException {
    List<LogFile> logs;
    try {
      logs = new LogsOfTheLost(sourceDirectory()).list();
    } catch (IOException e) {
      shortfall.unreadable(false, LogsOfTheLost.describe(sourceDirectory(), e), Optional.empty());
      return Optional.empty();
    }
    if (logs.isEmpty()) {
      notes.accept(
          FileNames.shown(sourceDirectory())
              + ": no log files can be read there; the standby is promoted with what was shipped");
      return Optional.empty();
    }
    IncomingLogs.Assessment assessment;
    try {
      assessment = incoming().assess(logs);
    } catch (IOException e) {
      String why = LogsOfTheLost.broken(logs).orElseThrow(() -> e).why();
      shortfall.unreadable(false, why, Optional.empty());
      return Optional.empty();
    }
    if (assessment.broken().isPresent()) {
      shortfall.broken(assessment.isSome(), assessment.broken().get(), logs);
    }
    Optional<LogsOfTheLost.Unreadable> closed = LogsOfTheLost.closed(wanted(logs, assessment));
    if (closed.isPresent()) {
      assessment = upTo(closed.get(), assessment);
    }
    return Optional.of(assessment).filter(IncomingLogs.Assessment::isSome);
  }

  private IncomingLogs.Assessment upTo(
      LogsOfTheLost.Unreadable bad, IncomingLogs.Assessment assessment) throws IOException {
    IncomingLogs.Assessment upTo = assessment.before(bad.log().number());
    Lsn end = incoming().shared().endBefore(bad.log().number());
    shortfall.unreadable(upTo.isSome(), bad.why(), Optional.of(end));
    return upTo;
  }

  private WaitingLog waitingLog() {
    return new WaitingLog(standby, incoming(), sourceDirectory(), options, shortfall);
  }

  private IncomingLogs incoming() {
    return new IncomingLogs(
        target.held().orElseThrow(),
        target.incoming(),
        sourceDirectory(),
        true,
        Optional.of(options));
  }

  /** Ships what is left at the source. Nothing of it is in the way of recovery yet. */
  void gather() throws IOException {
    if (isRunOn()) {
      follow(new SalvagedLog(standby, manifest, guard, notes));
      return;
    }
    IncomingBefore before = new IncomingBefore(target.incoming());
    SalvagedLog salvaged = new SalvagedLog(standby, manifest, guard, notes);
    List<LogFile> waiting;
    try {
      SpoiltLog.mendAll(incoming(), new LogsOfTheLost(sourceDirectory()), target, this::isCopied);
      Optional<IncomingLogs.Assessment> assessment = assess();
      salvaged.look();
      if (assessment.isPresent()) {
        ship(assessment.get());
        SpoiltLog.dropUseless(incoming(), assessment.get());
      }
      waiting = incoming().waiting();
      if (!waitingLog().isUsable(waiting)) {
        follow(salvaged);
        return;
      }
      waiting = waitingLog().dropUnchained(waiting);
      if (!inspectWhole(waiting, salvaged)) {
        follow(salvaged);
        return;
      }
    } catch (StandbyException e) {
      Cleanup.after(e, before::takeBack);
      throw e;
    }
    gathered = true;
  }

  /**
   * Lets in all that was ever shipped.
   *
   * @return the bytes of each log file let in
   */
  List<Long> letIn() throws IOException {
    if (!gathered) {
      return List.of();
    }
    int pauses = stops.early().size();
    if (pauses > SyncGuard.MOST_STOPS) {
      notes.accept(
          "databases had the same names in turn: recovery paused for that, times: " + pauses);
    }
    LogIntake.pauseAt(target, stops, options, Optional.empty(), listener::recovered);
    return LogIntake.place(target, incoming().waiting(), gatheredTo);
  }

  private void isCopied(long bytes) {
    listener.copied(StepName.COPY_LOGS, bytes);
  }

  private void ship(IncomingLogs.Assessment assessment) throws IOException {
    try (LogShipper shipper =
        new LogShipper(
            sourceDirectory(),
            target.incoming(),
            assessment.shipFrom(),
            assessment.shipBefore(),
            this::isCopied)) {
      // Who was inside a commit when the end came may have finished it since.
      for (int look = 0; look < LAST_LOOKS && shipper.ship() > 0; look++) {}
    } catch (LogGapException e) {
      long missing = LogFile.numberOf(e.missing().getFileName().toString()).orElseThrow();
      shortfall.gap(e.getMessage(), incoming().shared().endBefore(missing), sourceLogs());
      shipSome(assessment.before(missing));
    } catch (IOException e) {
      List<LogFile> wanted = wanted(sourceLogs(), assessment);
      shipSome(upTo(LogsOfTheLost.broken(wanted).orElseThrow(() -> e), assessment));
    }
  }

  private void shipSome(IncomingLogs.Assessment assessment) throws IOException {
    if (assessment.isSome()) {
      ship(assessment);
    }
  }

  /**
   * Inspects it, up to where it is spoilt.
   *
   * @return whether there is anything of it
   */
  private boolean inspectWhole(List<LogFile> waiting, SalvagedLog salvaged) throws IOException {
    Optional<DbException> unread = Optional.empty();
    try {
      inspect(waiting.get(0).number(), salvaged);
    } catch (WrongPasswordException | OperationCancelledException e) {
      throw e;
    } catch (DbException e) {
      unread = Optional.of(e);
    }
    LogFile last = waiting.get(waiting.size() - 1);
    long end = gatheredTo.file() == last.number() ? gatheredTo.offset() : 0;
    if (unread.isEmpty() && !LogEnd.goesOnBehind(last, end)) {
      return true;
    }
    Optional<WaitingLog.Spoilt> spoilt = waitingLog().spoilt(waiting);
    if (spoilt.isEmpty() && unread.isPresent()) {
      throw unread.get();
    }
    if (spoilt.isEmpty()) {
      return true;
    }
    List<LogFile> good = waitingLog().dropSpoilt(waiting, spoilt.get());
    if (!good.isEmpty() && unread.isPresent()) {
      inspect(good.get(0).number(), salvaged);
    }
    gatheredTo = spoilt.get().from();
    return !good.isEmpty();
  }

  /** One reading serves both. */
  private void inspect(long first, SalvagedLog salvaged) throws IOException {
    Lsn from = manifest.recoveredTo().lsn();
    NameRecords log = new NameRecords();
    Lsn next = new Lsn(first, 0);
    RecoveryStops.readAgain(target.logDirectory(), 0, next, options, log);
    try (DbEnvironment gathered =
        DbEnvironment.openPrivate(target.incoming(), Set.of(Subsystem.LOG), options)) {
      gatheredTo = LogEnd.ofRecords(gathered.logStatus().end(), incoming().waiting());
      Set<LogRecordType> types = EnumSet.copyOf(RecoveryStops.TYPES);
      types.addAll(salvaged.types());
      gathered.scanLog(next, Lsn.ZERO, types, log);
    }
    salvaged.inspect(log.records(), from);
    heed(
        RecoveryStops.find(log.records(), from, next, target, Layout.parse(manifest.layout())),
        salvaged);
  }

  /** Nothing is salvaged: recovery reads what the standby has. */
  private void follow(SalvagedLog salvaged) throws IOException {
    heed(new OwnLog(standby, manifest, target, options).stops(RecoveryStops.ALL_IN), salvaged);
  }

  private void heed(RecoveryStops found, SalvagedLog salvaged) {
    stops = found;
    stops.astray().ifPresent(salvaged::astray);
  }
}
