package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.BadPageException;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.NoSpaceException;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.libdb.SystemErrors;
import io.github.bdbstandby.procedure.ArchiveException;
import io.github.bdbstandby.procedure.LogArchive;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.SourceStuckException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;

/** Work that may fail in all the ways that files and libdb fail in. */
@FunctionalInterface
interface Guarded<T> {
  /** What to do where the archive has another file of a name. */
  String CONFLICT_HINT =
      "move that file out of the archive, or take a snapshot with an archive of this source's own";

  T run() throws IOException;

  /** Turns what went wrong below into one of ours; the one place that does. */
  static <T> T call(Guarded<T> work) {
    try {
      return work.run();
    } catch (StandbyException e) {
      throw e;
    } catch (ClosedEnvironmentException e) {
      throw failed(
          Reason.SOURCE_CLOSED, e, "attach to the environment again when it is open, or fail over");
    } catch (SourceStuckException e) {
      throw failed(
          Reason.SOURCE_STUCK,
          e,
          "restart the application with recovery, or fail over: it needs no regions");
    } catch (UncheckedIOException e) {
      return call(
          () -> {
            throw e.getCause();
          });
    } catch (LogGapException e) {
      throw new SnapshotNeededException(Reason.LOG_GAP, e.getMessage(), e);
    } catch (ArchiveException e) {
      throw archiveFailed(e, "");
    } catch (BadPageException e) {
      throw failed(
          Reason.BAD_PAGE, e, "check that database at the source: db5.3_verify, or its checksums");
    } catch (NoPageAtomicReadException e) {
      throw failed(
          Reason.NO_PAGE_ATOMIC_READ, e, "keep databases on ext4 (data=ordered), XFS or btrfs");
    } catch (ClosedByInterruptException | InterruptedIOException | OperationCancelledException e) {
      throw failed(Reason.INTERRUPTED, e, "run it again");
    } catch (AccessDeniedException e) {
      throw new CycleFailedException(
          Reason.NO_ACCESS, e.getMessage() + ": permission denied", "run as its owner", e);
    } catch (IOException e) {
      throw SystemErrors.isFull(e)
          ? noSpace(e)
          : failed(Reason.IO_ERROR, e, "see the message, then run it again");
    } catch (NoSpaceException e) {
      throw noSpace(e);
    } catch (RunRecoveryException e) {
      throw failed(
          Reason.IO_ERROR, e, "an environment has panicked; the message says which and why");
    } catch (DbException e) {
      throw failed(Reason.IO_ERROR, e, "see libdb's message, then run it again");
    }
  }

  private static CycleFailedException failed(Reason reason, Exception cause, String hint) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new CycleFailedException(reason, message, hint, cause);
  }

  /**
   * That a log file could not be archived.
   *
   * @param done what was done all the same; begins the hint
   */
  static CycleFailedException archiveFailed(ArchiveException e, String done) {
    if (e.getCause() instanceof LogArchive.ArchiveConflictException) {
      return failed(Reason.ARCHIVE_CONFLICT, e, done + CONFLICT_HINT);
    }
    boolean isDenied = e.getCause() instanceof AccessDeniedException;
    if (e.isUnreadable()) {
      return isDenied
          ? failed(Reason.NO_ACCESS, e, done + "run as its owner")
          : failed(
              Reason.IO_ERROR,
              e,
              done + "see to that file, or move it away if it is lost, then run it again");
    }
    if (isDenied) {
      return failed(Reason.NO_ACCESS, e, done + "let this user write to the archive");
    }
    return SystemErrors.isFull(e)
        ? failed(Reason.DISK_FULL, e, done + "make room on the archive's disk and run it again")
        : failed(Reason.IO_ERROR, e, done + "see to the archive, then run it again");
  }

  static CycleFailedException noSpace(Exception e) {
    return failed(
        Reason.DISK_FULL,
        e,
        "make room on the disk that the message names, the standby's if it names none, and run it again");
  }
}
