package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The archive as one run uses it. Made for one run, by one thread.
 *
 * <p>A run that brings a standby forward does not depend on it. A log file that is due to leave the
 * standby and can't be archived waits in a directory of its own, where recovery does not read it,
 * and a later run archives it; one of the source's stays there. After its first failure the archive
 * is left alone for the rest of the run. A snapshot fails with the archive: what it replaces is
 * gone then.
 */
public final class Archiving {
  private final LogArchive archive;
  private final Path unarchived;
  private final Need need;
  private boolean paused;
  private Optional<ArchiveException> failure = Optional.empty();
  private Step.Work settled = Step.Work.NONE;

  /** What a run does where the archive fails, or its directory is missing. */
  public enum Need {
    /** It fails; the directory of an archive that is new is made. */
    REQUIRED_NEW,
    /** It fails; without its directory, the archive is taken for one whose disk is not mounted. */
    REQUIRED,
    /** It goes on; a missing directory is the same failure. */
    IF_POSSIBLE
  }

  /**
   * None is asked yet.
   *
   * @param unarchived where log files wait that an earlier run could not archive
   */
  public Archiving(LogArchive archive, Path unarchived, Need need) {
    this.archive = archive;
    this.unarchived = unarchived;
    this.need = need;
  }

  /** The archive is not asked in this run: it has failed lately. */
  public void pause() {
    paused = true;
  }

  /** The archive itself. */
  public LogArchive archive() {
    return archive;
  }

  /** Why it has failed in this run; empty if it has not, or was not asked. */
  public Optional<ArchiveException> failure() {
    return failure;
  }

  /** Log files that left the standby and are not archived yet, ascending. */
  public List<LogFile> waiting() throws IOException {
    return Files.isDirectory(unarchived) ? LogFile.in(unarchived) : List.of();
  }

  /** Archives what waits, the oldest first; they take room on the standby's disk until then. */
  public void settle() throws IOException {
    if (need == Need.REQUIRED_NEW) {
      archive.make();
    }
    List<LogFile> waiting = waiting();
    for (LogFile log : waiting) {
      OptionalLong bytes = store(log);
      if (bytes.isEmpty()) {
        return;
      }
      settled = settled.plus(bytes.getAsLong());
      Files.delete(log.path());
    }
    if (!waiting.isEmpty()) {
      DurableFiles.syncDirectory(unarchived);
      DurableFiles.deleteTree(unarchived);
    }
  }

  /** What {@link #settle} has archived. */
  public Step.Work settled() {
    return settled;
  }

  /**
   * Archives a whole log file, which stays where it is.
   *
   * @return its bytes; empty if the archive has failed, which {@link #failure} tells
   * @throws NoSuchFileException if it is not the archive but the log file that is gone
   */
  public OptionalLong store(LogFile log) throws IOException {
    return attempt(log, () -> OptionalLong.of(archive.store(log)), OptionalLong.empty());
  }

  /** The same of the beginning of one. */
  public OptionalLong store(LogFile log, long length) throws IOException {
    return attempt(log, () -> OptionalLong.of(archive.store(log, length)), OptionalLong.empty());
  }

  /**
   * Whether the archive still has a log file byte for byte; false also if it has failed.
   *
   * @throws IOException also if it is not the archive but the log file that is gone
   */
  public boolean keeps(LogFile log) throws IOException {
    return attempt(log, () -> hasStill(log), false);
  }

  private boolean hasStill(LogFile log) throws IOException {
    if (!archive.has(log)) {
      throw new IOException("it has lost its copy; the source's stays");
    }
    return true;
  }

  /**
   * Takes a log file out of the standby: into the archive, or to where it waits for that. The
   * caller makes the directory durable that it leaves.
   *
   * @return its bytes; empty if it waits
   */
  public OptionalLong take(LogFile log) throws IOException {
    OptionalLong bytes = store(log);
    if (bytes.isPresent()) {
      Files.delete(log.path());
    } else {
      DurableFiles.createDirectories(unarchived);
      PlainCopier.move(log.path(), unarchived.resolve(log.path().getFileName()));
      DurableFiles.syncDirectory(unarchived);
    }
    return bytes;
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T make() throws IOException;
  }

  private <T> T attempt(LogFile log, Attempt<T> attempt, T otherwise) throws IOException {
    if (paused || failure.isPresent()) {
      return otherwise;
    }
    try {
      if (need != Need.REQUIRED_NEW && !Files.isDirectory(archive.directory())) {
        throw new NoSuchFileException(
            "its directory is not there; mount its disk, or make it if it was never there");
      }
      return attempt.make();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted() || !Files.exists(log.path())) {
        throw e;
      }
      failed(log, e);
    } catch (ReadOnlyFileSystemException | ClosedFileSystemException e) {
      failed(log, e);
    }
    return otherwise;
  }

  private void failed(LogFile log, Exception e) throws ArchiveException {
    ArchiveException told = new ArchiveException(archive.directory(), log, e);
    if (need != Need.IF_POSSIBLE) {
      throw told;
    }
    failure = Optional.of(told);
  }
}
