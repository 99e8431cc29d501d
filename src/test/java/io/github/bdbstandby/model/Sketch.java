package io.github.bdbstandby.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A script in the making, and roughly how things would stand: enough to choose what comes next.
 *
 * @param standby whether there may be one
 */
record Sketch(List<Step> steps, Writer writer, boolean standby) {

  /** How the application is. */
  enum Writer {
    RUNNING,
    STOPPED,
    CRASHED,
    LOST
  }

  Sketch {
    steps = List.copyOf(steps);
  }

  static Sketch empty() {
    return new Sketch(List.of(), Writer.STOPPED, false);
  }

  boolean isRunning() {
    return writer == Writer.RUNNING;
  }

  boolean isStopped() {
    return writer == Writer.STOPPED;
  }

  boolean isOpenable() {
    return isRunning() || isStopped();
  }

  boolean isLost() {
    return writer == Writer.LOST;
  }

  Sketch and(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return switch (step.verb()) {
      case "start" -> new Sketch(more, Writer.RUNNING, standby);
      case "stop" -> new Sketch(more, Writer.STOPPED, standby);
      case "commits" -> new Sketch(more, isRunning() ? writer : Writer.STOPPED, standby);
      case "kill-writer", "die", "reboot" -> new Sketch(more, Writer.CRASHED, standby);
      case "lose-source" -> new Sketch(more, Writer.LOST, standby);
      case "snapshot" -> new Sketch(more, writer, true);
      case "failover" -> new Sketch(more, Writer.STOPPED, false);
      default -> new Sketch(more, writer, standby);
    };
  }
}
