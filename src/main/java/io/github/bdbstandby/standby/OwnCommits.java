package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.LogEnd;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was committed in a standby itself, by an application that somebody has started on it without
 * a failover. It is in no other place, and the source's log would be let in over it.
 *
 * <p>It lies in the log behind the source's, where the standby's own recovery writes, too, but
 * never a commit.
 */
final class OwnCommits {
  private static final Logger LOG = LoggerFactory.getLogger(OwnCommits.class);

  /** Of a log record, its checksum included. */
  private static final int HEADER = 12;

  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final Path logs;
  private final EnvironmentOptions options;

  /**
   * Looks at nothing yet.
   *
   * @param options the password, if there is one
   */
  OwnCommits(StandbyDirectory standby, Manifest manifest, EnvironmentOptions options) {
    this.standby = standby;
    this.manifest = manifest;
    this.logs = standby.target(manifest).logDirectory();
    this.options = options;
  }

  /**
   * Why the source does not continue the standby, if there are any. The log is read only if it is
   * not as it was left.
   */
  Optional<IncomingLogs.Break> broken() throws IOException {
    Lsn end = manifest.recoveredTo().lsn();
    return last()
        .map(
            commit ->
                new IncomingLogs.Break(
                    Reason.HISTORY_DIVERGED,
                    FileNames.shown(standby.home())
                        + ": was opened without a failover, and has commits of its own from "
                        + end
                        + " to "
                        + commit,
                    Optional.of(end),
                    false));
  }

  private Optional<Lsn> last() throws IOException {
    boolean isCutOff = new UnfinishedCycle(standby).stands();
    if (!isCutOff && isAsLeft()) {
      return Optional.empty();
    }
    Optional<Lsn> last = lastCommit();
    return isCutOff && last.isPresent() && isShipped(last.get()) ? Optional.empty() : last;
  }

  /** Whoever appends to the log writes to its last file. */
  private boolean isAsLeft() throws IOException {
    Map<Path, Manifest.FileAtRest> known =
        manifest.files().entrySet().stream()
            .filter(each -> each.getValue().kind().equals(Manifest.FileAtRest.LOG))
            .collect(
                Collectors.toMap(
                    each -> standby.home().resolve(FileNames.toPath(each.getKey())),
                    Map.Entry::getValue));
    for (LogFile log : behind()) {
      BasicFileAttributes now = Files.readAttributes(log.path(), BasicFileAttributes.class);
      Manifest.FileAtRest then = known.get(log.path());
      if (then == null
          || then.size() != now.size()
          || then.modified() != now.lastModifiedTime().to(TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** The log files in which the source's history ends, and those behind it. */
  private List<LogFile> behind() throws IOException {
    return Files.isDirectory(logs)
        ? LogFile.in(logs).stream()
            .filter(log -> log.number() >= manifest.recoveredTo().file())
            .toList()
        : List.of();
  }

  private Optional<Lsn> lastCommit() throws IOException {
    if (behind().isEmpty()) {
      return Optional.empty();
    }
    try (DbEnvironment log = DbEnvironment.openPrivate(logs, Set.of(Subsystem.LOG), options)) {
      Lsn from = manifest.recoveredTo().lsn();
      return LogStretch.read(log, from, Lsn.ZERO, Set.of(LogRecordType.TXN_COMMIT)).stream()
          .map(LogRecord::lsn)
          .reduce((a, b) -> b);
    } catch (OperationCancelledException e) {
      throw e;
    } catch (DbException e) {
      LOG.debug("what the log has can't be read", e); // who needs it says so
      return Optional.empty();
    }
  }

  /** Whether a commit that a cycle which was cut off may have let in is there as it was shipped. */
  private boolean isShipped(Lsn commit) throws IOException {
    String name = LogFile.nameOf(commit.file());
    for (Path original : List.of(standby.incoming(), manifest.source().logPath())) {
      if (isSame(name, original, commit.offset() + HEADER)) {
        return true;
      }
    }
    return !Files.exists(standby.incoming().resolve(name)) // let in as a whole
        && waitsBehind(commit)
        && (!Files.exists(manifest.source().logPath().resolve(name)) || leadsOn(commit.file()));
  }

  /** Nothing was appended to a log file since it was let in. */
  private boolean leadsOn(long file) throws IOException {
    LogFile here = new LogFile(file, logs.resolve(LogFile.nameOf(file)));
    Path next = Path.of(LogFile.nameOf(file + 1));
    Path letIn = logs.resolve(next);
    Path there = Files.exists(letIn) ? letIn : standby.incoming().resolve(next);
    return LogEnd.leadsTo(here, new LogFile(file + 1, there));
  }

  /** A source that differs, or can't be read, proves nothing: it may have been made anew. */
  private boolean isSame(String name, Path original, long length) throws IOException {
    try {
      return Files.exists(original.resolve(name))
          && PlainCopier.sameBytes(logs.resolve(name), original.resolve(name), length);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("can't be compared", e);
      return false;
    }
  }

  /** What is let in last is a copy, and its original waits on: no more than up to there came so. */
  private boolean waitsBehind(Lsn commit) throws IOException {
    return Files.isDirectory(standby.incoming())
        && LogFile.in(standby.incoming()).stream().anyMatch(log -> log.number() > commit.file());
  }
}
