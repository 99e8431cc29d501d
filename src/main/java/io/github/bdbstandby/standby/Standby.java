package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.procedure.StepPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A standby: the directory that holds a Berkeley DB environment's copy, ready to take its place.
 *
 * <pre>{@code
 * Standby standby = Standby.at(Path.of("/backup/orders"));
 * standby.snapshot(SourceRequest.of(Path.of("/data/orders")), SnapshotOptions.defaults(), StandbyListener.NONE);
 * standby.sync(StandbyListener.NONE);      // as often as wanted
 * standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
 * }</pre>
 *
 * <p>Every method throws a {@link StandbyException} that says what was not done and what to do
 * about it, and a {@link NullPointerException} that names the parameter where null is given. Calls
 * block; an interrupt, before or meanwhile, ends one at the next chunk copied, as a failure ({@code
 * interrupted}), and the thread stays interrupted. Thread-safe: a second call at the same time,
 * from this or any other process, is refused as {@code locked}.
 */
public final class Standby {
  private final StandbyDirectory directory;
  private final Events events;

  private Standby(Path directory) {
    this.directory = new StandbyDirectory(directory.toAbsolutePath().normalize());
    this.events = new Events(this.directory.home());
  }

  /** The standby in a directory, which need not exist yet. */
  public static Standby at(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return new Standby(directory);
  }

  /** Where it is: absolute and normalized, but not resolved. */
  public Path directory() {
    return directory.home();
  }

  /**
   * Takes every step of the procedure. What the standby held before serves until the new snapshot
   * is whole. The directory may also be the former primary that the source was failed over from, if
   * nobody has it open; what only it has is kept aside.
   */
  public CycleReport snapshot(
      SourceRequest source, SnapshotOptions options, StandbyListener listener) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    CycleReport report =
        told(listener, () -> new Snapshot(directory, source, options, listener).run());
    events.snapshotTaken(report, "asked");
    listener.cycleEnded(report);
    return report;
  }

  /** What {@link #snapshot} would do. */
  public List<StepPlan> planSnapshot(SourceRequest source, SnapshotOptions options) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(options, "options");
    return Guarded.call(
        () -> new Snapshot(directory, source, options, StandbyListener.NONE).plan());
  }

  /** Brings the standby up to date with the source it was made from, which needs no password. */
  public CycleReport sync(StandbyListener listener) {
    Objects.requireNonNull(listener, "listener");
    return sync(SyncOptions.defaults(), listener);
  }

  /** Brings the standby up to date. */
  public CycleReport sync(SyncOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    CycleReport report = told(listener, () -> sync(options).with(listener).run());
    events.synced(report);
    listener.cycleEnded(report);
    return report;
  }

  /** What {@link #sync(SyncOptions, StandbyListener)} would do. */
  public List<StepPlan> planSync(SyncOptions options) {
    Objects.requireNonNull(options, "options");
    return Guarded.call(() -> sync(options).with(StandbyListener.NONE).plan());
  }

  private PreparedSync sync(SyncOptions options) {
    return listener -> new Sync(directory, options, listener);
  }

  /**
   * Syncs for as long as it runs: until the calling thread is interrupted, which ends it cleanly
   * with the thread's interrupt flag set, or until a failover takes over.
   *
   * @throws SnapshotNeededException if the standby can't be brought forward and the options say so
   */
  public void follow(FollowOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    follow(options, listener, FollowMonitor.unread(this));
  }

  /**
   * The same, watched.
   *
   * @param monitor of this standby
   * @throws IllegalArgumentException if it is of another
   */
  public void follow(FollowOptions options, StandbyListener listener, FollowMonitor monitor) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(monitor, "monitor");
    monitor.refuseOther(this);
    FollowLoop loop = new FollowLoop(directory, options, listener, monitor);
    try {
      Guarded.call(
          () -> {
            loop.run();
            return null;
          });
    } catch (StandbyException e) {
      monitor.failed(e);
      // What is refused at once leaves the standby as it was; of what comes later nobody else
      // tells.
      if (e instanceof CycleFailedException || loop.hasWorked()) {
        LastError.note(directory, e.reason(), e.getMessage());
      }
      tell(listener, e);
      throw e;
    }
  }

  /** Follows on a daemon thread of ours, until closed. */
  public Follower startFollower(FollowOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    return startFollower(options, listener, FollowMonitor.unread(this), Standby::onDaemon);
  }

  /**
   * Follows in the background.
   *
   * @param monitor of this standby
   * @param executor whose thread it runs on until it ends: not the caller's own
   * @throws IllegalArgumentException if the monitor is of another standby, or the executor runs
   *     what it gets in the caller's thread
   */
  public Follower startFollower(
      FollowOptions options, StandbyListener listener, FollowMonitor monitor, Executor executor) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(monitor, "monitor");
    Objects.requireNonNull(executor, "executor");
    monitor.refuseOther(this);
    Follower follower = new Follower(this, monitor);
    follower.start(options, listener, executor);
    return follower;
  }

  private static void onDaemon(Runnable work) {
    Thread thread = new Thread(work, "bdb-standby-follower");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Turns the standby into a primary; it is never brought forward again. The old primary can become
   * its standby: by {@link #snapshot} of this directory into that one.
   *
   * @throws SnapshotNeededException if the source can be read, and has what can't be salvaged:
   *     unless {@link FailoverOptions#acceptLoss}. Nothing is changed then
   */
  public Promotion failover(FailoverOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    Promotion promotion = told(listener, () -> new Failover(directory, options, listener).run());
    events.promoted(promotion.cycle());
    listener.cycleEnded(promotion.cycle());
    return promotion;
  }

  /** What {@link #failover} would do. */
  public List<StepPlan> planFailover(FailoverOptions options) {
    Objects.requireNonNull(options, "options");
    return Guarded.call(() -> new Failover(directory, options, StandbyListener.NONE).plan());
  }

  /** The home that the standby was made from. */
  public Path source() {
    return Guarded.call(
        () -> {
          Optional<Manifest> next = new Journal(directory).next();
          Manifest manifest = next.isPresent() ? next.get() : ManifestFile.ofStandby(directory);
          return manifest.source().homePath();
        });
  }

  /** How the standby stands. Joins nothing, changes nothing. */
  public StandbyStatus status() {
    return Guarded.call(() -> new StatusReader(directory).read());
  }

  /** Checks the standby without changing it. */
  public VerificationReport verify(Optional<byte[]> password, StandbyListener listener) {
    return verify(new VerifyOptions(password, Set.of()), listener);
  }

  /** The same, told more. */
  public VerificationReport verify(VerifyOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    return Guarded.call(() -> new Verification(directory, options, false, listener).run());
  }

  /**
   * Shows that the standby can be used: verifies it, opens a recovered clone for writing and counts
   * the records of each database. Only the result is kept with the standby; see {@link
   * StandbyStatus#lastDrill}.
   */
  public VerificationReport drill(Optional<byte[]> password, StandbyListener listener) {
    return drill(new VerifyOptions(password, Set.of()), listener);
  }

  /** The same, told more. */
  public VerificationReport drill(VerifyOptions options, StandbyListener listener) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    VerificationReport report =
        Guarded.call(() -> new Verification(directory, options, true, listener).run());
    report.drill().ifPresent(drill -> events.drilled(drill.result(), report.damage()));
    return report;
  }

  /** A refusal leaves the standby as it was; that a cycle was begun and failed is kept with it. */
  private <T> T told(StandbyListener listener, Guarded<T> cycle) {
    try {
      return Guarded.call(cycle);
    } catch (StandbyException e) {
      if (e instanceof CycleFailedException) {
        LastError.note(directory, e.reason(), e.getMessage());
        events.cycleFailed(e);
      }
      tell(listener, e);
      throw e;
    }
  }

  private static void tell(StandbyListener listener, StandbyException e) {
    if (e instanceof RefusedException refused) {
      listener.refused(refused);
    } else if (e instanceof SnapshotNeededException needed) {
      listener.snapshotNeeded(needed);
    } else if (e instanceof CycleFailedException failed) {
      listener.failed(failed);
    }
  }

  @FunctionalInterface
  private interface PreparedSync {
    Sync with(StandbyListener listener);
  }

  /** libdb's version and the shim's; loads both. */
  public static String nativeVersion() {
    return DbEnvironment.version().toString();
  }
}
