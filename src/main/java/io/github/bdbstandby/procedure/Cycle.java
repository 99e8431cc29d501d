package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.PageWrites;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One run of a procedure's steps: what they work on, and what they have found and done so far. Made
 * for one run, by one thread.
 */
public final class Cycle implements AutoCloseable {
  private final Source source;
  private final Target target;
  private final Layout layout;
  private final Optional<Archiving> archiving;
  private final CopyMethodChoice methods;
  private final CopyLimits limits;
  private final EnvironmentOptions targetOptions;
  private final RunListener listener;
  private final LogGathering log;

  private Lsn recoveredTo = Lsn.ZERO;
  private final Map<Path, CopiedFile> copied = new TreeMap<>();
  private final PageWrites pageWrites = new PageWrites();
  private final List<Path> logsToRelease = new ArrayList<>();
  private Optional<EnvironmentFiles> present = Optional.empty();

  /**
   * A run to be made.
   *
   * @param archiving how the long procedure archives log files
   * @param limits how gently databases are copied
   * @param targetOptions the password for the target; its directories are in its DB_CONFIG
   * @param firstNeeded the lowest log file that recovery of the target needs; 0 to have it
   *     determined when the databases are copied
   * @param shipFrom the lowest log file that the target and {@code incoming} lack; empty for all
   *     from the first needed
   * @param inspector sees the log before it gets into the target
   */
  public Cycle(
      Source source,
      Target target,
      Layout layout,
      Optional<Archiving> archiving,
      CopyMethodChoice methods,
      CopyLimits limits,
      EnvironmentOptions targetOptions,
      long firstNeeded,
      OptionalLong shipFrom,
      LogInspector inspector,
      RunListener listener) {
    this.source = source;
    this.target = target;
    this.layout = layout;
    this.archiving = archiving;
    this.methods = methods;
    this.limits = limits;
    this.targetOptions = targetOptions;
    this.listener = listener;
    this.log =
        new LogGathering(
            source, target, layout, targetOptions, firstNeeded, shipFrom, inspector, listener);
  }

  /** The active environment; open as long as the cycle is. */
  public Source source() {
    return source;
  }

  /** The directory being brought forward. */
  public Target target() {
    return target;
  }

  /** Where the target keeps what the source keeps in its data and log directories. */
  public Layout layout() {
    return layout;
  }

  /** How the long procedure archives log files. */
  public Archiving archiving() {
    return archiving.orElseThrow(
        () -> new IllegalStateException("this procedure needs an archive"));
  }

  /** How database files are read, by the directory that they lie in. */
  public CopyMethodChoice methods() {
    return methods;
  }

  /** How gently databases are copied. */
  public CopyLimits limits() {
    return limits;
  }

  /** The password of the target, if it has one, and nothing else. */
  public EnvironmentOptions targetOptions() {
    return targetOptions;
  }

  /** What the target's recoveries write. */
  public PageWrites pageWrites() {
    return pageWrites;
  }

  /** The source's log, as far as this run has it. */
  public LogGathering log() {
    return log;
  }

  /** Hears how the run goes. */
  public RunListener listener() {
    return listener;
  }

  /** Where the source's history ends in the recovered target. */
  public Lsn recoveredTo() {
    return recoveredTo;
  }

  /** Says where the source's history ends in the target, now that it has been recovered. */
  public void recoveredTo(Lsn lsn) {
    recoveredTo = lsn;
  }

  /** Copies made, by their path from the target's home. */
  public Map<Path, CopiedFile> copied() {
    return copied;
  }

  /** What the source had when all its databases had a copy. */
  public EnvironmentFiles present() {
    return present.orElseThrow(() -> new IllegalStateException("nothing has been copied"));
  }

  /** Says what it had. */
  public void present(EnvironmentFiles files) {
    present = Optional.of(files);
  }

  /**
   * Log files of the source that are safe elsewhere, to be removed when the cycle has ended well.
   */
  public List<Path> logsToRelease() {
    return logsToRelease;
  }

  /**
   * How the home itself is read; or, where no right way is, so that no database is there, one
   * elsewhere: the one to report.
   */
  public CopyMethod copyMethod() throws IOException {
    try {
      return methods.of(source.home());
    } catch (NoPageAtomicReadException e) {
      return methods.chosen().orElseThrow(() -> e);
    }
  }

  /** Lets go of the source's log files. */
  @Override
  public void close() throws IOException {
    log.close();
  }
}
