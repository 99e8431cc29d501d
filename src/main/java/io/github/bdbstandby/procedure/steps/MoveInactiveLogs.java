package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Step 3 of the long procedure: move the active environment's log files that are no longer in use.
 *
 * <p>Here they are copied: into the archive, since the standby will not need most of them and the
 * archive is where they end up. Removing them from the source is the very last thing that a cycle
 * does, when the standby has recovered ({@link #release}); until then a crash has moved nothing.
 */
public final class MoveInactiveLogs implements Step {
  @Override
  public StepName name() {
    return StepName.MOVE_INACTIVE_LOGS;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    List<StepPlan.PlannedFile> files = new ArrayList<>();
    for (LogFile log : inactive(cycle)) {
      try {
        files.add(new StepPlan.PlannedFile(log.path(), Files.size(log.path())));
      } catch (NoSuchFileException e) {
        // the application was faster
      }
    }
    return new StepPlan(
        name(),
        "move out of the source, into "
            + FileNames.shown(cycle.archiving().archive().directory())
            + " and the standby",
        files);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.log().ensureGathered();
    Work work = Work.NONE;
    for (LogFile log : inactive(cycle)) {
      try {
        OptionalLong bytes = cycle.archiving().store(log);
        if (bytes.isPresent()) {
          work = work.plus(bytes.getAsLong());
          cycle.logsToRelease().add(log.path());
        }
      } catch (NoSuchFileException e) {
        if (Files.exists(log.path())) {
          throw e;
        }
        work = work.plus(storeShipped(cycle, log));
      }
    }
    return work;
  }

  /** Looks whether the archive could take them; changes nothing. */
  static void check(Cycle cycle) throws IOException {
    for (LogFile log : inactive(cycle)) {
      try {
        cycle.archiving().archive().check(log);
      } catch (NoSuchFileException e) {
        // the application was faster
      }
    }
  }

  /** The application has removed it meanwhile; what was shipped of it is the same. */
  private static long storeShipped(Cycle cycle, LogFile log) throws IOException {
    Path shipped = cycle.target().incoming().resolve(log.path().getFileName());
    return Files.exists(shipped)
        ? cycle.archiving().store(new LogFile(log.number(), shipped)).orElse(0)
        : 0;
  }

  /** Those that this cycle takes whole; the one in which it ends stays, for the next to compare. */
  private static List<LogFile> inactive(Cycle cycle) throws IOException {
    long end =
        cycle.log().extent().isZero()
            ? cycle.source().flushed().file()
            : cycle.log().extent().file();
    OpenedSource source =
        cycle
            .source()
            .opened()
            .orElseThrow(() -> new IllegalStateException("log files of a source only read"));
    return source.inactiveLogFiles().stream().filter(log -> log.number() < end).toList();
  }

  /**
   * Removes from the source what {@link #run} has made safe. Each file is compared with its copy
   * once more: nothing is removed that can't be read back.
   */
  public static void release(Cycle cycle) throws IOException {
    for (Path log : cycle.logsToRelease()) {
      LogFile file = new LogFile(LogFile.numberOf(log.getFileName().toString()).orElseThrow(), log);
      try {
        if (Files.exists(log) && cycle.archiving().keeps(file)) {
          Files.deleteIfExists(log);
        }
      } catch (IOException e) {
        if (Files.exists(log)) {
          throw e;
        } // else the application was faster
      }
    }
    if (!cycle.logsToRelease().isEmpty()) {
      DurableFiles.syncDirectory(cycle.source().logDirectory());
    }
  }
}
