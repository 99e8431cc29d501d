package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import io.github.bdbstandby.libdb.PageAllocated;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps {@code DB_TXN_BULK} from taking insertions out of the log, and finds out whether it has.
 *
 * <p>A bulk transaction does not log what it puts on pages that it added to the file itself; {@code
 * DB_HOTBACKUP_IN_PROGRESS} turns that off. The flag is a count in the shared regions: it outlives
 * the process that raised it, and is gone when the regions are made anew. Since only pages added to
 * a file are concerned, and their addition is logged, a stretch of log without one has lost
 * nothing.
 */
final class BulkGuard {
  /** The records that tell of a database's growth. */
  static final Set<LogRecordType> TYPES = Set.of(LogRecordType.PG_ALLOC);

  private static final String NONE = "none";

  /** Before there was any. */
  static final Manifest.Hold NO_HOLD = new Manifest.Hold(false, NONE);

  /** In place of regions: there were none to take a hold in, and whoever opens it makes some. */
  private static final String AT_REST = "at-rest";

  private final Source source;

  BulkGuard(Source source) {
    this.source = source;
  }

  /** The regions as they are now. */
  String regions() throws IOException {
    return RegionsIdentity.of(source.home())
        .map(RegionsIdentity::text)
        .orElseGet(this::withoutFiles);
  }

  /** A private environment's regions die with its handle. */
  private String withoutFiles() {
    return source.opened().flatMap(opened -> opened.environment().attachment()).orElse(NONE);
  }

  /** Whether the source is in regions that were written down, surely. */
  private boolean isIn(String regions) throws IOException {
    Optional<RegionsIdentity> now = RegionsIdentity.of(source.home());
    return now.isPresent() ? now.get().is(regions) : withoutFiles().equals(regions);
  }

  /**
   * Whether the source is in the regions that it was in when a hold was taken, or in none yet. To a
   * reader of files none may be those of a private environment, or gone with a reboot.
   */
  boolean isSameRun(Manifest.Hold hold) throws IOException {
    String then = hold.regions().equals(AT_REST) ? NONE : hold.regions();
    return isIn(then) && (source.opened().isPresent() || !then.equals(NONE));
  }

  /** The source, if it has regions that we have joined. */
  private Optional<OpenedSource> joined() {
    return source.opened().filter(opened -> opened.sharing() != Sharing.NOBODY);
  }

  /** What a reader of files can't know. */
  List<String> notes() {
    return source.opened().isPresent()
        ? List.of()
        : List.of(
            "read without joining the source: insertions of DB_TXN_BULK transactions may be missing"
                + " in its log, and commits that it has not flushed yet are");
  }

  /** Whether a hold of ours, taken earlier, still stands. */
  boolean stands(Manifest.Hold hold) throws IOException {
    Optional<OpenedSource> joined = joined();
    return joined.isPresent()
        && hold.taken()
        && joined.get().ask(DbEnvironment::hotBackupInProgress)
        && isIn(hold.regions());
  }

  /**
   * Raises the count, where there are regions to raise it in.
   *
   * @param before the hold known so far: to a reader of files it stays as long as its regions live,
   *     as far as can be seen
   */
  Manifest.Hold take(Manifest.Hold before) throws IOException {
    if (source.opened().isEmpty()) {
      String now = regions();
      boolean isOther = !now.equals(NONE) && !isIn(before.regions());
      return isOther ? new Manifest.Hold(false, now) : before;
    }
    Optional<OpenedSource> joined = joined();
    if (joined.isEmpty()) {
      return new Manifest.Hold(false, AT_REST);
    }
    joined.get().holdHotBackup();
    return new Manifest.Hold(true, regions());
  }

  /** Lowers the count that {@link #take} has raised. */
  void release(Manifest.Hold hold) throws IOException {
    Optional<OpenedSource> joined = joined();
    if (joined.isPresent() && hold.taken() && isIn(hold.regions())) {
      joined
          .get()
          .ask(
              environment -> {
                environment.releaseHotBackup();
                return null;
              });
    }
  }

  /**
   * Objects to a stretch of log in which no hold stood, if insertions may be missing in it.
   *
   * @throws SnapshotNeededException {@code bulk-load}
   */
  static void refuseAdditions(List<LogRecord> log, Lsn from, Path home) {
    Optional<LogRecord> addition = firstAddition(log, from);
    if (addition.isPresent()) {
      throw new SnapshotNeededException(
          Reason.BULK_LOAD,
          FileNames.shown(home)
              + ": the hold on bulk loading was gone (the regions were made anew), and at "
              + addition.get().lsn()
              + " a database grew: insertions into its new pages may be missing in the log");
    }
  }

  /** What became of the regions that a hold of ours was taken in, at a source that is not asked. */
  enum Regions {
    /** They are there, or nothing can be told. */
    HELD,
    /** Somebody works, or has worked, in others. */
    OTHER,
    /** There are none, as after a reboot, or when somebody has recovered and gone. */
    NONE
  }

  static Regions regionsOf(Manifest manifest) throws IOException {
    if (manifest.hold().regions().equals(AT_REST)) {
      return Regions.OTHER;
    }
    if (!manifest.hold().taken()) {
      return Regions.HELD; // by a reader of files, for all that is known
    }
    Optional<RegionsIdentity> now = RegionsIdentity.of(manifest.source().homePath());
    if (now.isEmpty()) {
      return Regions.NONE;
    }
    // The machine may be lost, and its disk another device here.
    return now.get().isOnAnyDevice(manifest.hold().regions()) ? Regions.HELD : Regions.OTHER;
  }

  /**
   * The same as {@link #refuseAdditions}, of a source that is not asked: where the regions are
   * gone, the hold stood in them until somebody recovered and made others.
   *
   * @param log has all records of {@link #TYPES} and of new transaction ids, if the regions are not
   *     held
   */
  static void refuseAdditions(Regions regions, List<LogRecord> log, Lsn from, Path home) {
    Optional<Lsn> heldTo =
        switch (regions) {
          case HELD -> Optional.empty();
          case OTHER -> Optional.of(from);
          case NONE -> firstRecovery(log, from);
        };
    heldTo.ifPresent(lsn -> refuseAdditions(log, lsn, home));
  }

  /** Recovery ends with transaction ids that begin anew. */
  private static Optional<Lsn> firstRecovery(List<LogRecord> log, Lsn from) {
    return log.stream()
        .filter(each -> each instanceof Other other && other.type() == LogRecordType.TXN_RECYCLE)
        .map(LogRecord::lsn)
        .filter(lsn -> lsn.compareTo(from) >= 0)
        .findFirst();
  }

  private static Optional<LogRecord> firstAddition(List<LogRecord> log, Lsn from) {
    // A page taken from the free list lies below the last one: its insertions are logged.
    return log.stream()
        .filter(each -> each instanceof PageAllocated page && page.page() > page.previousLastPage())
        .filter(each -> each.lsn().compareTo(from) >= 0)
        .findFirst();
  }
}
