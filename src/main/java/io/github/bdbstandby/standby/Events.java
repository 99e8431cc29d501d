package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What happens to standbys, told to SLF4J: one event a line, with its facts as key and value.
 * Thread-safe.
 */
final class Events {
  /** A name of its own, so that it can be given a level of its own. */
  static final String LOGGER = "io.github.bdbstandby.events";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private final Path standby;

  Events(Path standby) {
    this.standby = standby;
  }

  private void log(LoggingEventBuilder event, String name, Object... facts) {
    LoggingEventBuilder whole = event.addKeyValue("standby", readable(standby));
    for (int i = 0; i + 1 < facts.length; i += 2) {
      whole = whole.addKeyValue(String.valueOf(facts[i]), readable(facts[i + 1]));
    }
    whole.log(name);
  }

  private static Object readable(Object fact) {
    if (fact instanceof Path path) {
      return FileNames.shown(path);
    }
    return fact instanceof String text ? FileNames.readable(text) : fact;
  }

  void followStarted(FollowOptions options) {
    log(
        LOG.atInfo(),
        "follow-started",
        "interval",
        options.interval(),
        "shipInterval",
        options.shipInterval());
  }

  void followStopped() {
    log(LOG.atInfo(), "follow-stopped");
  }

  /** A failover takes the standby over. */
  void letGo() {
    log(LOG.atInfo(), "let-go", "reason", "failover");
  }

  void sourceJoined(Path home) {
    log(LOG.atInfo(), "source-joined", "home", home);
  }

  void sourceAway(Path home, Reason reason, String why) {
    log(LOG.atWarn(), "source-away", "home", home, "reason", reason.word(), "message", why);
  }

  void sourceBack(Path home, Duration away) {
    log(LOG.atInfo(), "source-back", "home", home, "awaySeconds", seconds(away));
  }

  void snapshotNeeded(StandbyException why) {
    log(
        LOG.atWarn(),
        "snapshot-needed",
        "reason",
        why.reason().word(),
        "message",
        why.getMessage());
  }

  /** Taken because somebody asked for it, or because the standby could not be brought forward. */
  void snapshotTaken(CycleReport report, String why) {
    log(
        LOG.atInfo(),
        "snapshot-taken",
        "why",
        why,
        "recoveredTo",
        report.recoveredTo(),
        "seconds",
        seconds(report.duration()));
  }

  /** A cycle among many. */
  void followed(CycleReport report) {
    applied(LOG.atDebug(), report);
  }

  /** A cycle of its own. */
  void synced(CycleReport report) {
    applied(LOG.atInfo(), report);
  }

  private void applied(LoggingEventBuilder event, CycleReport report) {
    log(
        event,
        "cycle-applied",
        "recoveredTo",
        report.recoveredTo(),
        "logs",
        report.logs().needed(),
        "seconds",
        seconds(report.duration()));
  }

  /** What a cycle that went well has to tell besides. */
  void noted(String note) {
    log(LOG.atWarn(), "cycle-noted", "note", note);
  }

  /** For whoever follows: nobody else hears of it. */
  void followFailed(StandbyException e) {
    failed(LOG.atError(), e);
  }

  /** For a caller that gets the exception as well. */
  void cycleFailed(StandbyException e) {
    failed(LOG.atInfo(), e);
  }

  private void failed(LoggingEventBuilder event, StandbyException e) {
    log(event, "cycle-failed", "reason", e.reason().word(), "message", e.getMessage());
  }

  void promoted(CycleReport report) {
    log(
        LOG.atInfo(),
        "standby-promoted",
        "home",
        report.home(),
        "epoch",
        report.epoch(),
        "recoveredTo",
        report.recoveredTo());
  }

  void drilled(StandbyStatus.Drill drill, List<String> damage) {
    log(
        damage.isEmpty() ? LOG.atInfo() : LOG.atError(),
        "drill",
        "outcome",
        drill.outcome(),
        "databases",
        drill.databases(),
        "records",
        drill.records(),
        "seconds",
        drill.seconds(),
        "recoveredTo",
        drill.recoveredTo(),
        "damage",
        damage.size());
  }

  void drillFailed(StandbyException e) {
    log(LOG.atError(), "drill-failed", "reason", e.reason().word(), "message", e.getMessage());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
