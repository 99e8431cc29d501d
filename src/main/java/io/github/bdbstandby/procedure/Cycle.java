package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One run of a procedure's steps: what they work on, and what they have found and done so far. Made
 * for one run, by one thread.
 */
public final class Cycle {
  private final Source source;
  private final Target target;
  private final Layout layout;
  private final Optional<LogArchive> archive;
  private final CopyMethodChoice methods;
  private final EnvironmentOptions targetOptions;
  private final RunListener listener;

  private long firstNeeded;
  private long nextFirstNeeded;
  private Lsn extent = Lsn.ZERO;
  private Lsn mustReach = Lsn.ZERO;
  private Lsn recoveredTo = Lsn.ZERO;
  private long retained;
  private final Map<Path, CopiedFile> copied = new TreeMap<>();
  private final List<Path> logsToRelease = new ArrayList<>();

  /**
   * A run to be made.
   *
   * @param archive where the long procedure puts log files
   * @param targetOptions the password for the target; its directories are in its DB_CONFIG
   * @param firstNeeded the lowest log file that recovery of the target needs; 0 to have it
   *     determined when the databases are copied
   */
  public Cycle(
      Source source,
      Target target,
      Layout layout,
      Optional<LogArchive> archive,
      CopyMethodChoice methods,
      EnvironmentOptions targetOptions,
      long firstNeeded,
      RunListener listener) {
    this.source = source;
    this.target = target;
    this.layout = layout;
    this.archive = archive;
    this.methods = methods;
    this.targetOptions = targetOptions;
    this.firstNeeded = firstNeeded;
    this.listener = listener;
  }

  public Source source() {
    return source;
  }

  public Target target() {
    return target;
  }

  public Layout layout() {
    return layout;
  }

  /** Where the long procedure puts log files. */
  public LogArchive archive() {
    return archive.orElseThrow(() -> new IllegalStateException("this procedure needs an archive"));
  }

  public CopyMethodChoice methods() {
    return methods;
  }

  public EnvironmentOptions targetOptions() {
    return targetOptions;
  }

  public RunListener listener() {
    return listener;
  }

  /** The lowest log file that recovery of the target needs; asks the source if nobody has yet. */
  public long firstNeeded() throws IOException {
    if (firstNeeded == 0) {
      firstNeeded = source.firstNeeded().orElse(1);
    }
    return firstNeeded;
  }

  /**
   * The same for the cycle after this one: what the source answered before this cycle's logs were
   * copied.
   */
  public long nextFirstNeeded() {
    return nextFirstNeeded;
  }

  /**
   * Fixes how much of the source's log this cycle takes: up to where it ends now. Before that, the
   * source is asked what the next cycle will need; the other way round a checkpoint in between
   * could leave out the beginning of a transaction that the standby has to undo at this cycle's
   * end.
   *
   * <p>May be called again to take more, as long as no log file has been copied.
   */
  public void fixExtent() throws IOException {
    nextFirstNeeded = source.firstNeeded().orElse(1);
    Lsn flushed = source.flushed();
    extent = source.environment().logStatus().end();
    mustReach = flushed.compareTo(extent) < 0 ? flushed : extent;
  }

  /** The LSN up to which this cycle takes the source's log; fixed now if it has not been. */
  public Lsn extent() throws IOException {
    if (extent.isZero()) {
      fixExtent();
    }
    return extent;
  }

  /** How far the source's log reached on disk before it was copied: the copy must reach it too. */
  public Lsn mustReach() {
    return mustReach;
  }

  /** Where the source's history ends in the recovered target. */
  public Lsn recoveredTo() {
    return recoveredTo;
  }

  public void recoveredTo(Lsn lsn) {
    recoveredTo = lsn;
  }

  /** How many log files the source kept when they were copied. */
  public long retained() {
    return retained;
  }

  public void retained(long files) {
    retained = files;
  }

  /** Copies made, by their path from the target's home. */
  public Map<Path, CopiedFile> copied() {
    return copied;
  }

  /**
   * Log files of the source that are safe elsewhere, to be removed when the cycle has ended well.
   */
  public List<Path> logsToRelease() {
    return logsToRelease;
  }

  /** How the home itself is read: the one to report. */
  public CopyMethod copyMethod() throws IOException {
    return methods.in(source.home());
  }
}
