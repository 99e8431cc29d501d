package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.procedure.RegionCalls;
import io.github.bdbstandby.procedure.SourceStuckException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes the environment that was failed over unusable: whoever has it open gets {@code
 * DB_RUNRECOVERY} from then on, so that no commit is acknowledged there that the new primary does
 * not have. An application that opens it anew with recovery is not kept from that.
 */
final class Fence {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Nothing written for so long: nobody is inside a commit any more. */
  private static final Duration QUIET = Duration.ofMillis(500);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Fence() {}

  /**
   * Raises it. An interrupt is kept for later: whether it stands must be known, to be told.
   *
   * @return why it could not be raised; empty if it stands
   */
  static Optional<String> raise(Manifest manifest, Optional<byte[]> password) {
    Path home = manifest.source().homePath();
    if (!DbEnvironment.hasRegionFiles(home)) {
      return Optional.of(FileNames.shown(home) + ": no regions there that could be fenced");
    }
    EnvironmentOptions options = manifest.sourceOptions(password);
    RegionCalls calls = new RegionCalls(home, LIMIT);
    try {
      return calls.callThroughout(
          () -> {
            try (DbEnvironment environment = DbEnvironment.join(home, options)) {
              environment.panic();
              return Optional.<String>empty();
            }
          });
    } catch (RunRecoveryException e) {
      return Optional.empty(); // it has panicked already
    } catch (SourceStuckException e) {
      return Optional.of(
          "not fenced: " + e.getMessage() + "; if they do yet, it becomes unusable then");
    } catch (DbException e) {
      return Optional.of("not fenced: " + e.getMessage());
    }
  }

  /**
   * Waits until the old environment's log is still: a thread that was inside a commit when the
   * fence was raised may yet finish it, and acknowledge it. Nobody having it open any more will do,
   * to who can see that.
   */
  static void awaitQuiet(Manifest manifest) throws IOException {
    Path home = manifest.source().homePath();
    Path logs = manifest.source().logPath();
    long patience = System.nanoTime() + PATIENCE.toNanos();
    long stillSince = System.nanoTime();
    String last = "";
    boolean seesAll = OpenFiles.seesAll();
    while (System.nanoTime() < patience && !(seesAll && OpenFiles.below(home).isEmpty())) {
      String now = state(new LogsOfTheLost(logs).seen());
      if (!now.equals(last)) {
        last = now;
        stillSince = System.nanoTime();
      } else if (System.nanoTime() - stillSince > QUIET.toNanos()) {
        return;
      }
      pause();
    }
  }

  /** When each was written last; those that were removed since they were listed are left out. */
  static String state(List<LogFile> logs) throws IOException {
    StringBuilder state = new StringBuilder();
    for (LogFile log : logs) {
      try {
        FileTime written = Files.getLastModifiedTime(log.path());
        state.append(log.number()).append('@').append(written);
      } catch (IOException e) {
        // nobody writes there any more, or its disk fails
      }
    }
    return state.toString();
  }

  /** Does what is done while the fence stands: who reads why it failed has a dead application. */
  static <T> T telling(Guarded<T> work) {
    try {
      return Guarded.call(work);
    } catch (StandbyException e) {
      throw told(e);
    }
  }

  private static StandbyException told(StandbyException e) {
    String message = e.getMessage() + "; the old environment was made unusable before that";
    return e instanceof SnapshotNeededException
        ? new SnapshotNeededException(e.reason(), message, e.hint(), e)
        : new CycleFailedException(e.reason(), message, e.hint(), e);
  }

  /** Two primaries drift apart; who lets both run should know. */
  static Optional<String> missing(Manifest manifest) throws IOException {
    Path home = manifest.source().homePath();
    return Files.isDirectory(home)
        ? OpenFiles.applicationBelow(home)
            .map(
                user ->
                    FileNames.shown(home)
                        + ": still in use, by process "
                        + user.pid()
                        + "; what it commits from now on is not here: stop it now")
        : Optional.empty();
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the old environment came to rest");
    }
  }
}
