package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Identify the active environment's log files and copy them to the standby: only those that its
 * recovery needs and that it does not have already.
 */
public final class CopyLogs implements Step {
  @Override
  public StepName name() {
    return StepName.COPY_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : intake(cycle).lacking(cycle.source().logFiles(), cycle.firstNeeded())) {
      files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
    }
    return new StepPlan(
        name(), "copy the log files that recovery needs, " + cycle.firstNeeded() + " on", files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.firstNeeded();
    Lsn extent = cycle.extent();
    List<LogFile> atSource = cycle.source().logFiles();
    cycle.retained(atSource.size());
    LogIntake intake = intake(cycle);
    List<LogFile> lacking = intake.lacking(atSource, cycle.firstNeeded());
    long bytes = 0;
    for (LogFile log : lacking) {
      bytes += Files.size(log.path());
    }
    cycle.listener().began(name(), bytes);
    Work work = Work.NONE;
    for (CopiedFile copy : intake.place(intake.gather(lacking, extent))) {
      cycle.copied().put(cycle.target().home().relativize(copy.target()), copy);
      work = work.plus(copy.size());
    }
    return work;
  }

  private LogIntake intake(Cycle cycle) {
    return new LogIntake(
        cycle.target(),
        cycle.source().logDirectory(),
        bytes -> cycle.listener().copied(name(), bytes));
  }
}
