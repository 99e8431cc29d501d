package io.github.bdbstandby.examples;

import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be done for a standby, and the moments that a listener hears of in it. */
enum Work {
  /** The first snapshot. */
  SNAPSHOT,
  /** The same, libdb copying in step with the cache. */
  IN_STEP,
  /** A snapshot over the standby that is there. */
  RENEWAL,
  SYNC,
  FOLLOW,
  DRILL,
  FAILOVER;

  private static final List<String> COPYING =
      List.of("copied copy-logs", "began copy-databases", "copied copy-databases");
  private static final List<String> APPLYING =
      List.of("ended copy-logs", "began recover", "recovered", "ended recover", "cycle ended");

  List<String> moments() {
    List<String> moments = new ArrayList<>();
    switch (this) {
      case SNAPSHOT, IN_STEP, RENEWAL -> {
        moments.addAll(COPYING);
        moments.addAll(List.of("ended copy-databases", "ended remove-standby-logs"));
        moments.addAll(APPLYING);
      }
      case SYNC, FOLLOW -> {
        moments.addAll(List.of("copied copy-logs", "ended remove-standby-logs"));
        moments.addAll(APPLYING);
      }
      case DRILL -> moments.addAll(List.of("copied copy-databases", "recovered"));
      case FAILOVER -> {
        moments.add("copied copy-logs");
        moments.addAll(APPLYING);
      }
    }
    return moments;
  }

  boolean needsStandby() {
    return this != SNAPSHOT && this != IN_STEP;
  }

  /** Whether it makes a standby, or makes something else of it. */
  boolean needsFreshStandby() {
    return this == SNAPSHOT || this == IN_STEP || this == FAILOVER;
  }

  /** A sync needs nothing of the source when it has the log, a drill and a failover never do. */
  boolean needsSourceToTheEnd() {
    return this != SYNC && this != DRILL && this != FAILOVER;
  }

  /** What a failure may leave beside the standby: the next run uses it. */
  Set<String> mayLeave() {
    return switch (this) {
      case SNAPSHOT, IN_STEP -> Set.of();
      case FAILOVER ->
          Set.of("incoming", "last-error.json", "unfinished", ".manifest.json.bdb-standby-tmp");
      default -> Set.of("incoming", "last-error.json", "unfinished");
    };
  }

  void run(Standby standby, SourceRequest source, StandbyListener listener) {
    switch (this) {
      case SNAPSHOT, RENEWAL -> standby.snapshot(source, SnapshotOptions.defaults(), listener);
      case IN_STEP ->
          standby.snapshot(
              source,
              SnapshotOptions.builder()
                  .copy(CopyMethod.COORDINATED)
                  .layout(Layout.FLAT)
                  .checkpoint(true) // closing a database with pages to write would wait for us
                  .build(),
              listener);
      case SYNC -> standby.sync(SyncOptions.of(source), listener);
      case FOLLOW ->
          standby.follow(
              FollowOptions.builder().source(source).interval(Duration.ofMillis(20)).build(),
              listener);
      case DRILL -> standby.drill(Optional.empty(), listener);
      case FAILOVER -> standby.failover(FailoverOptions.defaults(), listener);
    }
  }
}
