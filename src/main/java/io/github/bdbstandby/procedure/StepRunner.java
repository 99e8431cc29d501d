package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps one after the other, times each and tells the listener. Stops at the first failure.
 */
public final class StepRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);
  private final RunListener listener;

  /** Tells this listener of each step that has ended. */
  public StepRunner(RunListener listener) {
    this.listener = listener;
  }

  /** Runs the steps on a cycle; the reports are in the steps' order. */
  public List<StepReport> run(List<Step> steps, Cycle cycle) throws IOException {
    List<StepReport> reports = new ArrayList<>();
    for (Step step : steps) {
      long start = System.nanoTime();
      Step.Work work = step.run(cycle);
      Duration duration = Duration.ofNanos(System.nanoTime() - start).plus(work.before());
      StepReport report = new StepReport(step.name(), work.files(), work.bytes(), duration);
      LOG.debug("{}", report);
      reports.add(report);
      listener.ended(report);
    }
    return List.copyOf(reports);
  }

  /** What the steps would do now. */
  public static List<StepPlan> plan(List<Step> steps, Cycle cycle) throws IOException {
    List<StepPlan> plans = new ArrayList<>();
    for (Step step : steps) {
      plans.add(step.plan(cycle));
    }
    return List.copyOf(plans);
  }
}
