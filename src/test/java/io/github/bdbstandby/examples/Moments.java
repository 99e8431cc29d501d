package io.github.bdbstandby.examples;

import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.StandbyListener;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names each thing that a listener hears of, and does something the first time it hears of one. */
final class Moments implements StandbyListener {
  private final String when;
  private final Runnable what;
  private final Set<String> seen = new LinkedHashSet<>();

  /**
   * Does it once.
   *
   * @param when the name of the moment; one that never comes is none
   */
  Moments(String when, Runnable what) {
    this.when = when;
    this.what = what;
  }

  /** Only hears. */
  static Moments heard() {
    return new Moments("", () -> {});
  }

  /** All that has come, in order. */
  synchronized Set<String> seen() {
    return new LinkedHashSet<>(seen);
  }

  private void at(String moment) {
    boolean first;
    synchronized (this) {
      first = seen.add(moment);
    }
    if (first && moment.equals(when)) {
      what.run();
    }
  }

  @Override
  public void began(StepName step, long bytes) {
    at("began " + step.word());
  }

  @Override
  public void copied(StepName step, long bytes) {
    at("copied " + step.word());
  }

  @Override
  public void recovered(int percent) {
    at("recovered");
  }

  @Override
  public void ended(StepReport report) {
    at("ended " + report.step().word());
  }

  @Override
  public void cycleEnded(CycleReport report) {
    at("cycle ended");
  }
}
