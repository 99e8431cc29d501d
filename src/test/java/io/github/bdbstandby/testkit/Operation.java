package io.github.bdbstandby.testkit;

import java.nio.file.Path;
import java.util.Map;

/**
 * A file operation at which a child is to fail, to die or to stop: see {@code test-envs/faults}.
 */
public final class Operation {
  private Operation() {}

  /**
   * The child's environment.
   *
   * @param standby what the point's name is relative to
   * @param point such as {@code fsync standby/incoming/log#1}
   * @param action such as {@code kill-before}
   */
  public static Map<String, String> struck(Path standby, String point, String action) {
    return Map.of(
        "LD_PRELOAD",
        System.getProperty("bdbstandby.faults.library"),
        "BDB_FAULTS_WATCH",
        "standby=" + standby,
        "BDB_FAULTS_AT",
        point,
        "BDB_FAULTS_ACTION",
        action);
  }
}
