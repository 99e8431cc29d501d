package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Archiving;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.LogArchive;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Step 2 of the long procedure: archive the existing log files of the standby, moving them to the
 * backup device.
 *
 * <p>A file leaves the standby when the archive has it, byte for byte; where the archive fails, a
 * sync has it wait for that ({@link io.github.bdbstandby.procedure.Archiving}). The last one, in
 * which the standby's own recovery has written, is not archived by a sync: its successor will be.
 * When a new snapshot replaces an old standby, the old one's log files are archived here and go
 * with it; and so is what it has of those that the source has removed meanwhile.
 */
public final class ArchiveStandbyLogs implements Step {
  @Override
  public StepName name() {
    return StepName.ARCHIVE_STANDBY_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    List<LogFile> all = new ArrayList<>(cycle.archiving().waiting());
    all.addAll(leaving(cycle));
    for (LogFile log : all) {
      files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
    }
    for (StandbyLogs.Part last : last(cycle)) {
      files.add(new StepPlan.PlannedFile(last.log().path(), last.length()));
    }
    return new StepPlan(
        name(),
        "move to the archive " + FileNames.shown(cycle.archiving().archive().directory()),
        files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    Archiving archiving = cycle.archiving();
    if (!isSync(cycle)) {
      archiving.settle();
    }
    Work work = archiving.settled();
    List<LogFile> leaving = leaving(cycle);
    for (LogFile log : leaving) {
      work = plus(work, isSync(cycle) ? archiving.take(log) : archiving.store(log));
    }
    for (StandbyLogs.Part last : last(cycle)) {
      work = plus(work, archiving.store(last.log(), last.length()));
    }
    if (isSync(cycle) && !leaving.isEmpty()) {
      DurableFiles.syncDirectory(cycle.target().logDirectory());
    }
    return work;
  }

  private static Work plus(Work work, OptionalLong bytes) {
    return bytes.isPresent() ? work.plus(bytes.getAsLong()) : work;
  }

  /** Looks whether the archive could take them; changes nothing. */
  static void check(Cycle cycle) throws IOException {
    LogArchive archive = cycle.archiving().archive();
    for (LogFile log : cycle.archiving().waiting()) {
      archive.check(log);
    }
    for (LogFile log : leaving(cycle)) {
      archive.check(log);
    }
    for (StandbyLogs.Part last : last(cycle)) {
      archive.check(last.log(), last.length());
    }
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
