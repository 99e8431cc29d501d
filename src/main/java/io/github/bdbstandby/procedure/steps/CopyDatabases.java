package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.copy.SmallFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Step 1: identify the active environment's database files and copy them.
 *
 * <p>The log files that recovery will need are determined first, then the databases are copied, and
 * then the home is walked again, until every database file found there has a copy: a file renamed
 * or created meanwhile is found that way, and its log records are among those copied afterwards. A
 * file that was renamed after it had been copied is not copied twice: recovery replays the
 * renaming, and two files with one file id would be mistaken for one another.
 */
public final class CopyDatabases implements Step {
  private static final int ROUNDS = 50;

  @Override
  public StepName name() {
    return StepName.COPY_DATABASES;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    EnvironmentFiles files = cycle.source().files();
    List<StepPlan.PlannedFile> planned = new ArrayList<>();
    files.databases().forEach(f -> planned.add(new StepPlan.PlannedFile(f.path(), f.size())));
    files.others().forEach(f -> planned.add(new StepPlan.PlannedFile(f.path(), f.size())));
    return new StepPlan(
        name(),
        "copy "
            + files.databases().size()
            + " database files ("
            + cycle.copyMethod().word()
            + ") and "
            + files.others().size()
            + " other files",
        planned);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.log().startShipping();
    cycle.log().copyingFrom(cycle.source().flushed());
    EnvironmentFiles found = cycle.source().files();
    cycle.listener().began(name(), found.databaseBytes());
    int count = found.databases().size() + found.others().size();
    try (SmallFiles small = SmallFiles.in(cycle.target().home(), count)) {
      copy(cycle, found, small);
      small.settle();
    }
    DurableFiles.syncTree(cycle.target().home());
    Work work = Work.NONE;
    for (CopiedFile file : cycle.copied().values()) {
      work = work.plus(file.size());
    }
    return work;
  }

  private void copy(Cycle cycle, EnvironmentFiles listed, SmallFiles small) throws IOException {
    EnvironmentFiles found = listed;
    DatabaseCopies copies = new DatabaseCopies(cycle, small);
    for (int round = 1; ; round++) {
      List<DatabaseFile> missing = copies.missing(found.databases());
      if (missing.isEmpty()) {
        break;
      }
      if (round == ROUNDS) {
        throw new IOException(
            FileNames.shown(missing.get(0).path())
                + ": database files are renamed faster than they can be copied");
      }
      copies.copy(missing);
      found = cycle.source().files();
    }
    cycle.present(found);
    for (Path directory : found.directories()) {
      if (!cycle.layout().has(directory, cycle.source().dataDirectories())) {
        continue;
      }
      Path place = cycle.layout().place(directory, cycle.source().dataDirectories());
      Path target = cycle.target().home().resolve(place);
      Files.createDirectories(target);
      FileModes.sameDirectory(cycle.source().home().resolve(directory), target);
    }
    Files.createDirectories(cycle.target().logDirectory());
    copyOthers(cycle, found.others(), small);
  }

  private void copyOthers(Cycle cycle, List<OtherFile> others, SmallFiles small)
      throws IOException {
    for (OtherFile file : others) {
      Path place = cycle.layout().place(file.relative(), cycle.source().dataDirectories());
      Path target = cycle.target().home().resolve(place);
      if (place.equals(Path.of(DbConfig.FILE)) || cycle.copied().containsKey(place)) {
        continue;
      }
      Files.createDirectories(target.toAbsolutePath().getParent());
      try {
        // One that grows as fast as it is copied would have no end.
        CopiedFile copy =
            PlainCopier.copy(
                file.path(),
                target,
                file.size(),
                small,
                bytes -> cycle.listener().copied(name(), bytes));
        FileModes.same(file.path(), target);
        Files.setLastModifiedTime(target, file.modified());
        cycle.copied().put(place, copy);
      } catch (NoSuchFileException e) {
        Files.deleteIfExists(target); // removed since it was listed
      }
    }
    byte[] config =
        cycle.source().promotedConfig(cycle.layout(), cycle.target()).forStandby().bytes();
    if (config.length > 0) {
      Path target = cycle.target().home().resolve(DbConfig.FILE);
      Files.write(target, config);
      DurableFiles.syncFile(target);
    }
  }
}
