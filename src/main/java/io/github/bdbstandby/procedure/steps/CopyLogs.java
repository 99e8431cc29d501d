package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Identify the active environment's log files and copy them to the standby: only those that its
 * recovery needs and that it does not have already. They have been gathered beside it and inspected
 * before the first of them gets in.
 */
public final class CopyLogs implements Step {
  @Override
  public StepName name() {
    return StepName.COPY_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    long first = cycle.log().shipFrom();
    for (LogFile log : cycle.source().logFiles()) {
      if (log.number() >= first) {
        files.add(new StepPlan.PlannedFile(log.path(), log.size()));
      }
    }
    return new StepPlan(
        name(), "copy the log files that recovery needs, from " + first + " on", files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.log().ensureGathered();
    Work work = Work.NONE.after(cycle.log().duration());
    LogIntake.pauseAt(
        cycle.target(),
        cycle.log().stops(),
        cycle.targetOptions(),
        Optional.of(cycle.pageWrites()),
        cycle.listener()::recovered);
    List<LogFile> gathered = LogFile.in(cycle.target().incoming());
    for (long bytes : LogIntake.place(cycle.target(), gathered, cycle.log().extent())) {
      work = work.plus(bytes);
    }
    return work;
  }
}
