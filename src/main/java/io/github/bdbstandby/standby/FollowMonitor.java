package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Watches a standby being followed: records meters, tells events, knows whether it keeps up. One
 * for each standby; the follower reports to it, any thread may ask.
 *
 * <p>Measuring reads files, once a second at the most, and only when somebody asks.
 */
public final class FollowMonitor {
  private final Path standby;
  private final Duration mostBehind;
  private final LagMeter lag;
  private final FollowMeters meters;
  private final Events events;

  private List<String> noted = List.of();
  private boolean started;
  private boolean available;
  private Optional<Instant> awaySince = Optional.empty();
  private Optional<FollowTrouble> trouble = Optional.empty();

  /** Beside which it goes on. */
  private Optional<FollowTrouble> archiveTrouble = Optional.empty();

  private Optional<Instant> lastGood = Optional.empty();

  /** What keeps the standby from being brought forward, until a good cycle. */
  private record FollowTrouble(String reason, String message) {}

  /**
   * A monitor.
   *
   * @param registry where the meters go, each tagged with the standby's directory
   * @param mostBehind by how much the standby may be behind and still be called healthy
   */
  public FollowMonitor(Standby standby, MeterRegistry registry, Duration mostBehind) {
    Objects.requireNonNull(standby, "standby");
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(mostBehind, "mostBehind");
    StandbyDirectory directory = new StandbyDirectory(standby.directory());
    this.standby = directory.home();
    this.mostBehind = mostBehind;
    this.lag = new LagMeter(directory);
    this.events = new Events(directory.home());
    this.meters = new FollowMeters(directory, registry, lag, this::isAvailable);
  }

  /** One whose meters nobody reads. */
  static FollowMonitor unread(Standby standby) {
    return new FollowMonitor(standby, new SimpleMeterRegistry(), Duration.ofDays(1));
  }

  /** What it tells of another standby would be wrong. */
  void refuseOther(Standby followed) {
    if (!followed.directory().equals(standby)) {
      throw new IllegalArgumentException(
          "a monitor of "
              + FileNames.shown(standby)
              + ", and not of "
              + FileNames.shown(followed.directory()));
    }
  }

  /** How it stands now. */
  public FollowHealth health() {
    Optional<LagMeter.Reading> reading = lag.read();
    return health(reading, reading.flatMap(each -> behind(each)));
  }

  private synchronized FollowHealth health(
      Optional<LagMeter.Reading> reading, Optional<FollowTrouble> behind) {
    Optional<FollowTrouble> found = trouble.or(() -> archiveTrouble).or(() -> behind);
    if (!started && found.isEmpty()) {
      found = Optional.of(new FollowTrouble("starting", "the source has not been joined yet"));
    }
    return new FollowHealth(
        found.map(FollowTrouble::reason),
        found.map(FollowTrouble::message),
        lastGood.or(() -> reading.flatMap(each -> Manifest.time(each.manifest().syncedAt()))),
        available,
        reading.map(each -> each.manifest().recoveredTo().lsn()),
        reading.flatMap(each -> each.lag().behindBytes()),
        reading.flatMap(each -> each.lag().behindSeconds()));
  }

  private Optional<FollowTrouble> behind(LagMeter.Reading reading) {
    if (Optional.ofNullable(reading.manifest().drill())
        .filter(drill -> Manifest.Drill.DAMAGED.equals(drill.outcome()))
        .isPresent()) {
      return Optional.of(new FollowTrouble("damaged", "the last drill has found damage"));
    }
    long seconds = reading.lag().behindSeconds().orElseGet(() -> sinceLastCycle(reading));
    return seconds > mostBehind.toSeconds()
        ? Optional.of(
            new FollowTrouble(
                "behind", "behind by " + seconds + " s, more than " + mostBehind.toSeconds()))
        : Optional.empty();
  }

  /** An encrypted log does not show its commits: no more than this can be said. */
  private static long sinceLastCycle(LagMeter.Reading reading) {
    if (reading.lag().behindBytes().orElse(0L) == 0) {
      return 0;
    }
    return Manifest.time(reading.manifest().syncedAt())
        .map(at -> Duration.between(at, Instant.now()).toSeconds())
        .orElse(0L);
  }

  private synchronized boolean isAvailable() {
    return available;
  }

  void started(FollowOptions options) {
    events.followStarted(options);
  }

  void stopped() {
    events.followStopped();
  }

  void letGo() {
    events.letGo();
  }

  synchronized void joined(Path home) {
    if (isWaitingForRoom() && available) {
      return; // once more, for the cycle that waits: only a good one ends that
    }
    if (awaySince.isPresent()) {
      events.sourceBack(home, Duration.between(awaySince.get(), Instant.now()));
    }
    events.sourceJoined(home);
    started = true;
    available = true;
    awaySince = Optional.empty();
    trouble = trouble.filter(each -> isWaitingForRoom());
  }

  /** The source is waited for. True if that is news. */
  synchronized boolean away(Path home, Reason reason, String why) {
    boolean isNews = trouble.filter(each -> each.message().equals(why)).isEmpty();
    if (isNews) {
      events.sourceAway(home, reason, why);
    }
    available = false;
    awaySince = awaySince.or(() -> Optional.of(Instant.now()));
    trouble = Optional.of(new FollowTrouble("source-away", why));
    return isNews;
  }

  /** It goes on when there is room again. True if that it waits is news. */
  synchronized boolean waiting(StandbyException e) {
    boolean isNews = !isWaitingForRoom();
    troubled(e); // which file it was may be another each time
    if (isNews) {
      events.followFailed(e);
    }
    return isNews;
  }

  private boolean isWaitingForRoom() {
    return trouble.filter(each -> each.reason().equals(Reason.DISK_FULL.word())).isPresent();
  }

  synchronized void applied(CycleReport report) {
    meters.applied(report);
    events.followed(report);
    report.notes().stream().filter(note -> !noted.contains(note)).forEach(events::noted);
    noted = report.notes();
    archiveTrouble = Optional.empty();
    good();
  }

  /** Applied, and the archive fails, or has lately and was not asked again. */
  synchronized void applied(CycleReport report, CycleFailedException archive) {
    Optional<FollowTrouble> before = archiveTrouble;
    applied(report);
    archiveTrouble = Optional.of(new FollowTrouble(archive.reason().word(), archive.getMessage()));
    if (before.filter(each -> each.reason().equals(archive.reason().word())).isEmpty()) {
      meters.failed(archive);
      events.followFailed(archive);
    }
  }

  synchronized void snapshotNeeded(SnapshotNeededException why) {
    troubled(why);
    events.snapshotNeeded(why);
  }

  synchronized void snapshotTaken(CycleReport report, SnapshotNeededException why) {
    meters.snapshotTaken(why.reason());
    events.snapshotTaken(report, why.reason().word());
    archiveTrouble = Optional.empty();
    good();
  }

  /** It will be taken again. */
  synchronized void snapshotFailed(StandbyException e) {
    troubled(e);
    events.followFailed(e);
  }

  private void good() {
    started = true;
    trouble = Optional.empty();
    lastGood = Optional.of(Instant.now());
  }

  /** It can't go on. */
  synchronized void failed(StandbyException e) {
    troubled(e);
    events.followFailed(e);
    available = false;
  }

  private void troubled(StandbyException e) {
    meters.failed(e);
    trouble = Optional.of(new FollowTrouble(e.reason().word(), e.getMessage()));
  }

  void drilled(VerificationReport report) {
    report.drill().ifPresent(drill -> events.drilled(drill.result(), report.damage()));
  }

  void drillFailed(StandbyException e) {
    events.drillFailed(e);
  }

  void shipped(long bytes) {
    meters.shipped(bytes);
  }
}
