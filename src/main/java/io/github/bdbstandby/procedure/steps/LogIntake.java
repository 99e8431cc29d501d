package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes log files of the source into the target: all bytes are gathered and made durable first,
 * then each file gets its name by one rename, from the lowest number up. At every moment the
 * target's log is an unbroken prefix of the source's.
 */
public final class LogIntake {
  private final Target target;
  private final Path sourceLogDirectory;
  private final CopyProgress progress;

  public LogIntake(Target target, Path sourceLogDirectory, CopyProgress progress) {
    this.target = target;
    this.sourceLogDirectory = sourceLogDirectory;
    this.progress = progress;
  }

  private boolean has(long number) {
    return target.held().filter(held -> held.isPristine(number)).isPresent()
        && Files.exists(place(number));
  }

  private Path place(long number) {
    return target.logDirectory().resolve(LogFile.nameOf(number));
  }

  /**
   * The files that the target lacks, ascending, out of those that recovery needs.
   *
   * @param firstNeeded the lowest that recovery needs
   * @throws LogGapException if one is neither at the source nor in the target
   */
  public List<LogFile> lacking(List<LogFile> atSource, long firstNeeded) throws IOException {
    List<LogFile> lacking = new ArrayList<>();
    if (atSource.isEmpty()) {
      return lacking;
    }
    long last = atSource.get(atSource.size() - 1).number();
    for (long number = firstNeeded; number <= last; number++) {
      LogFile log = new LogFile(number, sourceLogDirectory.resolve(LogFile.nameOf(number)));
      if (has(number)) {
        continue;
      }
      if (atSource.stream().noneMatch(each -> each.number() == log.number())) {
        throw new LogGapException(log.path(), "recovery needs this log file, and it is gone");
      }
      lacking.add(log);
    }
    return lacking;
  }

  /**
   * Copies the files beside the target and makes their bytes durable; the target is untouched.
   *
   * @param extent nothing from this LSN on is taken
   */
  public List<CopiedFile> gather(List<LogFile> logs, Lsn extent) throws IOException {
    DurableFiles.createDirectories(target.incoming());
    List<CopiedFile> gathered = new ArrayList<>();
    for (LogFile log : logs) {
      if (log.number() > extent.file()) {
        break;
      }
      long limit = log.number() == extent.file() ? extent.offset() : Long.MAX_VALUE;
      Path incoming = target.incoming().resolve(LogFile.nameOf(log.number()));
      try {
        gathered.add(PlainCopier.copy(log.path(), incoming, limit, progress));
      } catch (NoSuchFileException e) {
        LogGapException gap =
            new LogGapException(log.path(), "recovery needs this log file, and it was removed");
        gap.initCause(e);
        throw gap;
      }
    }
    return gathered;
  }

  /** Gives gathered files, ascending, their names in the target. */
  public List<CopiedFile> place(List<CopiedFile> gathered) throws IOException {
    DurableFiles.createDirectories(target.logDirectory());
    List<CopiedFile> placed = new ArrayList<>();
    for (CopiedFile copy : gathered) {
      Path place = target.logDirectory().resolve(copy.target().getFileName());
      Files.move(
          copy.target(),
          place,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      // Each name must be durable before the next: a power cut may not leave a hole.
      DurableFiles.syncDirectory(target.logDirectory());
      placed.add(new CopiedFile(place, copy.size(), copy.crc32c()));
    }
    return placed;
  }
}
