package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Step 2 of the short procedure: remove the existing log files from the standby.
 *
 * <p>Those that recovery still needs stay until their successors take their names, one rename each:
 * a standby whose logs have all gone before new ones have come can't be brought forward any more.
 */
public final class RemoveStandbyLogs implements Step {
  @Override
  public StepName name() {
    return StepName.REMOVE_STANDBY_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : StandbyLogs.unneeded(cycle)) {
      files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
    }
    return new StepPlan(
        name(), "remove the log files that recovery of the standby no longer needs", files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    Work work = Work.NONE;
    List<LogFile> unneeded = StandbyLogs.unneeded(cycle);
    for (LogFile log : unneeded) {
      work = work.plus(Files.size(log.path()));
      Files.delete(log.path());
    }
    if (!unneeded.isEmpty()) {
      DurableFiles.syncDirectory(cycle.target().logDirectory());
    }
    return work;
  }
}
