package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Step 2 of the long procedure: archive the existing log files of the standby, moving them to the
 * backup device.
 *
 * <p>A file leaves the standby only when the archive has it, byte for byte. The last one, in which
 * the standby's own recovery has written, is not archived by a sync: its successor will be. When a
 * new snapshot replaces an old standby, the old one's log files are archived here and go with it;
 * and so is what it has of those that the source has removed meanwhile.
 */
public final class ArchiveStandbyLogs implements Step {
  @Override
  public StepName name() {
    return StepName.ARCHIVE_STANDBY_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : leaving(cycle)) {
      files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
    }
    for (StandbyLogs.Part last : last(cycle)) {
      files.add(new StepPlan.PlannedFile(last.log().path(), last.length()));
    }
    return new StepPlan(
        name(), "move to the archive " + FileNames.shown(cycle.archive().directory()), files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    Work work = Work.NONE;
    Path inPlace = cycle.target().logDirectory();
    for (LogFile log : leaving(cycle)) {
      work = work.plus(cycle.archive().store(log));
      if (log.path().getParent().equals(inPlace)) {
        Files.delete(log.path());
      }
    }
    for (StandbyLogs.Part last : last(cycle)) {
      work = work.plus(cycle.archive().store(last.log(), last.length()));
    }
    if (work.files() > 0 && Files.isDirectory(inPlace)) {
      DurableFiles.syncDirectory(inPlace);
    }
    return work;
  }

  /** In a sync, what recovery no longer needs; in a snapshot, all that the old standby has. */
  private static List<LogFile> leaving(Cycle cycle) throws IOException {
    List<LogFile> pristine = StandbyLogs.pristine(cycle);
    if (!isSync(cycle)) {
      return pristine;
    }
    long first = cycle.log().firstNeeded();
    return pristine.stream().filter(log -> log.number() < first).toList();
  }

  private static List<StandbyLogs.Part> last(Cycle cycle) throws IOException {
    return isSync(cycle) ? List.of() : StandbyLogs.onlyHere(cycle);
  }

  private static boolean isSync(Cycle cycle) {
    return cycle
        .target()
        .held()
        .filter(held -> held.waiting().equals(cycle.target().incoming()))
        .isPresent();
  }
}
