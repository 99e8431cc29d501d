package io.github.bdbstandby.model;

import io.github.bdbstandby.model.Copy.Doubt;
import io.github.bdbstandby.model.Copy.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must be so. A value: each step makes another.
 *
 * @param churning whether the application makes, renames and removes databases by itself
 * @param regions whether the source has regions
 * @param promotedBefore whether the source was a standby once
 * @param databases what named databases the source has, with their numbers of records
 * @param since all that these have been since the standby's last good command, in order
 */
record Model(
    Application application,
    boolean churning,
    boolean regions,
    boolean promotedBefore,
    Map<String, Integer> databases,
    List<Map<String, Integer>> since,
    Copy copy) {

  /** How the source's application is. */
  enum Application {
    RUNNING,
    STOPPED,
    CRASHED,
    /** Its disk is gone. */
    LOST
  }

  Model {
    databases = Map.copyOf(databases);
    since = List.copyOf(since);
  }

  /** An environment that was just made, without a standby. */
  static Model start() {
    return new Model(
        Application.STOPPED,
        false,
        true,
        false,
        Map.of(),
        List.of(Map.of()),
        Copy.in(State.NOTHING));
  }

  boolean isRunning() {
    return application == Application.RUNNING;
  }

  /** Whether a program may open the source without recovering it first. */
  boolean isOpenable() {
    return application == Application.RUNNING || application == Application.STOPPED;
  }

  boolean isLost() {
    return application == Application.LOST;
  }

  private Model with(Application now, boolean churns, boolean hasRegions, Copy standby) {
    return new Model(now, churns, hasRegions, promotedBefore, databases, since, standby);
  }

  private Model with(Copy standby) {
    return with(application, churning, regions, standby);
  }

  /** The application was started; it has recovered if it had to. */
  Model started(boolean churns) {
    Copy standby = opened().copy;
    return with(
        Application.RUNNING, churns, true, churns ? standby.with(Doubt.MANY_RENAMED) : standby);
  }

  /** It has ended well. */
  Model stopped() {
    return with(Application.STOPPED, false, true, opened().copy);
  }

  /** A program has opened the environment: with regions made anew, if there were none to trust. */
  Model opened() {
    boolean anew = !regions || application == Application.CRASHED;
    return with(application, churning, true, anew ? copy.with(Doubt.BULK_LOAD) : copy);
  }

  Model crashed(boolean withRegions) {
    return with(Application.CRASHED, false, withRegions && regions, copy);
  }

  Model lost() {
    return with(Application.LOST, false, false, copy);
  }

  Model logsRemoved() {
    return with(copy.with(Doubt.LOG_GAP));
  }

  /** A named database has another name, from one moment to the next. */
  Model renamed(String from, String to) {
    Map<String, Integer> now = new TreeMap<>(databases);
    now.put(to, now.remove(from));
    return now(now);
  }

  /** A named database has this many records now, or is gone if none is said. */
  Model database(String name, Integer records) {
    Map<String, Integer> now = new TreeMap<>(databases);
    if (records == null) {
      now.remove(name);
    } else {
      now.put(name, records);
    }
    return now(now);
  }

  private Model now(Map<String, Integer> now) {
    List<Map<String, Integer>> all = new ArrayList<>(since);
    all.add(now);
    return new Model(application, churning, regions, promotedBefore, now, all, copy);
  }

  /** A command has brought the standby up to date. */
  Model upToDate() {
    return new Model(
        application,
        churning,
        regions,
        promotedBefore,
        databases,
        List.of(databases),
        Copy.of(databases, churning ? Set.of(Doubt.MANY_RENAMED) : Set.of()));
  }

  /** A command was cut off. */
  Model cutOff(State left) {
    return with(copy.cutOff(left, since));
  }

  /**
   * The standby has become the source, and the source's home what is to become the standby.
   *
   * @param found what databases it has: one of those that were possible
   */
  Model failedOver(Map<String, Integer> found) {
    State left = isLost() ? State.NOTHING : promotedBefore ? State.FORMER_PROMOTED : State.FORMER;
    return new Model(Application.STOPPED, false, false, true, found, List.of(found), Copy.in(left));
  }

  /** Whether a failover must bring all that the source has, and not only what the standby had. */
  boolean mustBringAll(Step failover) {
    boolean all = !failover.arguments().contains(Step.ACCEPT_LOSS);
    return !isLost() && (all || !copy.doubts().contains(Doubt.LOG_GAP));
  }
}
