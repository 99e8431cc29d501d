package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.PageAllocated;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

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
  private static final String FIRST_REGION = "__db.001";
  private final Source source;

  BulkGuard(Source source) {
    this.source = source;
  }

  /** The regions as they are now: the file of the first, which a new environment makes anew. */
  String regions() throws IOException {
    return regionsOf(source.home())
        .or(() -> source.opened().flatMap(opened -> opened.environment().attachment()))
        .orElse("none"); // a private environment's die with its handle
  }

  private static Optional<String> regionsOf(Path home) throws IOException {
    Path region = home.resolve(FIRST_REGION);
    if (!Files.exists(region)) {
      return Optional.empty();
    }
    BasicFileAttributes file = Files.readAttributes(region, BasicFileAttributes.class);
    return Optional.of(file.fileKey() + "@" + file.creationTime()); // inodes are used again
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
        && hold.regions().equals(regions());
  }

  /** Raises the count, where there are regions to raise it in. */
  Manifest.Hold take() throws IOException {
    Optional<OpenedSource> joined = joined();
    if (joined.isEmpty()) {
      return new Manifest.Hold(false, "none");
    }
    joined
        .get()
        .ask(
            environment -> {
              environment.holdHotBackup();
              return null;
            });
    return new Manifest.Hold(true, regions());
  }

  /** Lowers the count that {@link #take} has raised. */
  void release(Manifest.Hold hold) throws IOException {
    Optional<OpenedSource> joined = joined();
    if (joined.isPresent() && hold.taken() && hold.regions().equals(regions())) {
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
   * Looks whether insertions may be missing in the source's log, and changes nothing.
   *
   * @param from where the standby's history ends
   * @throws SnapshotNeededException {@code bulk-load} if so
   */
  void check(Manifest.Hold hold, Lsn from) throws IOException {
    if (!stands(hold) && source.opened().isPresent()) {
      source.readLog(
          from,
          log -> {
            refuseAdditions(log, from, source.home());
            return null;
          });
    }
  }

  /**
   * Objects to a stretch of log in which no hold stood, if insertions may be missing in it.
   *
   * @throws SnapshotNeededException {@code bulk-load}
   */
  static void refuseAdditions(EnvironmentView log, Lsn from, Path home) {
    Optional<LogRecord> addition = firstAddition(log, from);
    if (addition.isPresent()) {
      throw new SnapshotNeededException(
          Reason.BULK_LOAD,
          home
              + ": the hold on bulk loading was gone (the regions were made anew), and at "
              + addition.get().lsn()
              + " a database grew: insertions into its new pages may be missing in the log");
    }
  }

  /**
   * Whether insertions may be missing in a stretch of log of a source that is not asked any more: a
   * hold of ours is gone with the regions that it was taken in, and a database grew.
   *
   * @return what is to be told of that; empty if nothing is missing, or nobody can know
   */
  static Optional<String> grownWithout(Manifest manifest, EnvironmentView log, Lsn from)
      throws IOException {
    Path home = manifest.source().homePath();
    Optional<String> taken = withoutDevice(manifest.hold().regions());
    if (!manifest.hold().taken()
        || taken.isEmpty()
        || withoutDevice(regionsOf(home).orElse("")).equals(taken)) {
      return Optional.empty();
    }
    try {
      refuseAdditions(log, from, home);
      return Optional.empty();
    } catch (SnapshotNeededException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** A disk may be another device where its machine was lost; empty if it is no file's. */
  private static Optional<String> withoutDevice(String regions) {
    int inode = regions.indexOf("ino=");
    return inode < 0 ? Optional.empty() : Optional.of(regions.substring(inode));
  }

  private static Optional<LogRecord> firstAddition(EnvironmentView log, Lsn from) {
    // A page taken from the free list lies below the last one: its insertions are logged.
    return LogStretch.read(log, from, Lsn.ZERO, EnumSet.of(LogRecordType.PG_ALLOC)).stream()
        .filter(each -> each instanceof PageAllocated page && page.page() > page.previousLastPage())
        .findFirst();
  }
}
