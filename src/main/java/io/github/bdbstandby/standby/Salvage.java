package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.libdb.WrongPasswordException;
import io.github.bdbstandby.procedure.HeldLog;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.LogIntake;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private Optional<WaitingNames> names = Optional.empty();
  private Optional<UnneededLog> inTheWay = Optional.empty();
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

  /** What is left at the source. */
  RemainingLog remaining() {
    return new RemainingLog(sourceDirectory(), target.incoming(), incoming(), shortfall, notes);
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
    new RequiredLog(standby, manifest).refuseMissing();
    RemainingLog remaining = remaining();
    Optional<IncomingLogs.Assessment> assessment = remaining.assess();
    List<LogFile> waiting = incoming().waiting();
    List<LogFile> wanted = assessment.map(remaining::wanted).orElse(List.of());
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
      shortfall.broken(false, own.get(), remaining().seen());
    }
    return true;
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
      RemainingLog remaining = remaining();
      Optional<IncomingLogs.Assessment> assessment = remaining.assess();
      salvaged.look();
      if (assessment.isPresent()) {
        remaining.ship(assessment.get(), this::isCopied);
        SpoiltLog.dropUseless(incoming(), assessment.get());
      }
      waiting = incoming().waiting();
      if (!waitingLog().isUsable(waiting)) {
        follow(salvaged);
        return;
      }
      waiting = waitingLog().dropUnchained(waiting);
      if (!inspectWhole(waiting, salvaged) || !endWhereFollowed(salvaged)) {
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
    if (inTheWay.isPresent()) {
      inTheWay.get().remove();
    }
    LogIntake.pauseAt(target, stops, options, Optional.empty(), listener::recovered);
    return LogIntake.place(target, incoming().waiting(), gatheredTo);
  }

  private void isCopied(long bytes) {
    listener.copied(StepName.COPY_LOGS, bytes);
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

  /**
   * Ends it where recovery would no longer follow what it does to names.
   *
   * @return whether there is anything of it
   */
  private boolean endWhereFollowed(SalvagedLog salvaged) throws IOException {
    WaitingNames waiting = names.orElseThrow();
    stops = waiting.stops(gatheredTo);
    if (stops.astray().isEmpty() || isFollowedWithoutUnneeded(waiting)) {
      return true;
    }
    Optional<Lsn> end = waiting.followedTo(gatheredTo).filter(this::isBehindLetIn);
    salvaged.astray(stops.astray().get(), end);
    if (end.isEmpty()) {
      return true;
    }
    gatheredTo = end.get();
    stops = waiting.stops(gatheredTo);
    return !WaitingLog.dropBehind(incoming().waiting(), gatheredTo).isEmpty();
  }

  /**
   * What older log says of names may be in the way of what followed, and a sync would remove it.
   */
  private boolean isFollowedWithoutUnneeded(WaitingNames waiting) throws IOException {
    UnneededLog unneeded = UnneededLog.of(manifest, target);
    RecoveryStops without = waiting.since(unneeded.end()).stops(gatheredTo);
    if (without.astray().isPresent()) {
      return false;
    }
    stops = without;
    inTheWay = Optional.of(unneeded);
    return true;
  }

  /** A cycle that was cut off may have let in more than the standby's history has. */
  private boolean isBehindLetIn(Lsn end) {
    try {
      return !new UnfinishedCycle(standby).stands()
          || LogFile.in(target.logDirectory()).stream().allMatch(log -> log.number() <= end.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One reading serves both. */
  private void inspect(long first, SalvagedLog salvaged) throws IOException {
    Lsn from = manifest.recoveredTo().lsn();
    NameRecords log = new NameRecords();
    Lsn next = new Lsn(first, 0);
    HeldLog.readAgain(target.logDirectory(), 0, next, options, log);
    try (DbEnvironment gathered =
        DbEnvironment.openPrivate(target.incoming(), Set.of(Subsystem.LOG), options)) {
      gatheredTo = LogEnd.ofRecords(gathered.logStatus().end(), incoming().waiting());
      Set<LogRecordType> types = EnumSet.copyOf(RecoveryStops.TYPES);
      types.addAll(salvaged.types());
      gathered.scanLog(next, Lsn.ZERO, types, log);
    }
    salvaged.inspect(log.records(), from);
    Layout layout = Layout.parse(manifest.layout());
    names = Optional.of(new WaitingNames(log.records(), from, next, target, layout));
  }

  /** Nothing is salvaged: recovery reads what the standby has. */
  private void follow(SalvagedLog salvaged) throws IOException {
    stops = new OwnLog(standby, manifest, target, options).stops(RecoveryStops.ALL_IN);
    stops.astray().ifPresent(name -> salvaged.astray(name, Optional.empty()));
  }
}
