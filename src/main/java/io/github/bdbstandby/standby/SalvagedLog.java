package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at log that a failover is about to apply, as a sync would: for what recovery would do where
 * it must not, and for what the source's databases have and this log does not tell.
 */
final class SalvagedLog {
  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final LossGuard guard;
  private final Consumer<String> notes;
  private BulkGuard.Regions regions = BulkGuard.Regions.HELD;
  private Optional<EnvironmentFiles> present = Optional.empty();

  SalvagedLog(
      StandbyDirectory standby, Manifest manifest, LossGuard guard, Consumer<String> notes) {
    this.standby = standby;
    this.manifest = manifest;
    this.guard = guard;
    this.notes = notes;
  }

  /**
   * Looks at what the source has, if it can be read: before its log is gathered, so that whatever
   * comes or goes later is in that.
   */
  void look() {
    Path home = manifest.source().homePath();
    if (isReadable()) {
      try {
        present =
            Optional.of(
                EnvironmentFiles.in(home, manifest.source().logPath(), FilesAtRest.excluded(home)));
      } catch (IOException e) {
        unread(e);
      }
    }
  }

  /** The records to inspect. */
  Set<LogRecordType> types() {
    Set<LogRecordType> types = EnumSet.copyOf(NameGuard.TYPES);
    regions = isReadable() ? regions() : BulkGuard.Regions.HELD;
    if (regions != BulkGuard.Regions.HELD) {
      types.addAll(BulkGuard.TYPES);
      types.add(LogRecordType.TXN_RECYCLE);
    }
    return types;
  }

  /** Of a disk that fails no more can be told than of one that is gone. */
  private BulkGuard.Regions regions() {
    try {
      return BulkGuard.regionsOf(manifest);
    } catch (IOException e) {
      unread(e);
      return BulkGuard.Regions.HELD;
    }
  }

  private boolean isReadable() {
    return Files.isDirectory(manifest.source().homePath());
  }

  /**
   * Inspects it.
   *
   * @param log all records of {@link #types}
   * @param from where the standby's history ends
   * @throws RefusedException {@code absolute-path} for a name by which recovery would write at the
   *     source
   * @throws SnapshotNeededException for what the source, if it can be read, could still give
   */
  void inspect(List<LogRecord> log, Lsn from) {
    List<Path> directories = dataDirectories();
    NameGuard names = new NameGuard(manifest.source().homePath(), directories);
    Optional<NameGuard.Objection> objection = names.read(log, from);
    if (objection.isPresent() && objection.get().reason() == Reason.ABSOLUTE_PATH) {
      throw absolute(objection.get());
    }
    if (present.isPresent() && objection.isEmpty()) {
      objection = names.unresolved(present.get());
    }
    if (objection.isEmpty() && Layout.parse(manifest.layout()) == Layout.FLAT) {
      objection = names.madeInDataDirectory();
    }
    objection.ifPresent(each -> tell(each.reason(), each.message() + "; " + each.hint()));
    if (present.isPresent()) {
      UnloggedFiles.Found found =
          unlogged(directories, present.get(), names.registrations(), log, from);
      found.untold().forEach(notes);
      found.lost().forEach(each -> tell(Reason.UNRESOLVED_DATABASE, each));
    }
    refuseGrowth(log, from);
  }

  /**
   * A database that recovery would lose. A source that is gone can't give it any more; but nobody
   * else than the user decides what is given up.
   *
   * @param end before which recovery loses none, so that it ends there; empty if it loses that one
   *     in any case
   * @throws SnapshotNeededException if that was not accepted
   */
  void astray(String name, Optional<Lsn> end) {
    String message =
        FileNames.escaped(name)
            + ": was made, renamed or removed in a way that recovery of the standby does not follow"
            + end.map(lsn -> "; what was logged from " + lsn + " on can't be had").orElse("");
    guard.incomplete(Reason.UNRESOLVED_DATABASE, message, end.orElse(manifest.recoveredTo().lsn()));
    notes.accept(message);
  }

  private void tell(Reason reason, String message) {
    notes.accept(message);
    if (isReadable()) {
      guard.incomplete(reason, message);
    }
  }

  private void refuseGrowth(List<LogRecord> log, Lsn from) {
    try {
      BulkGuard.refuseAdditions(regions, log, from, manifest.source().homePath());
    } catch (SnapshotNeededException e) {
      notes.accept(e.getMessage());
      guard.incomplete(Reason.BULK_LOAD, e.getMessage());
    }
  }

  private UnloggedFiles.Found unlogged(
      List<Path> directories,
      EnvironmentFiles files,
      List<FileRegistration> registrations,
      List<LogRecord> log,
      Lsn from) {
    try {
      return new UnloggedFiles(
              manifest.source().homePath(),
              directories,
              files,
              standby.target(manifest),
              Layout.parse(manifest.layout()))
          .found(registrations, log, from, new UnfinishedCycle(standby).stands());
    } catch (IOException e) {
      unread(e);
      return new UnloggedFiles.Found(List.of(), List.of());
    }
  }

  /** A disk that fails must not keep the standby from taking over. */
  private void unread(IOException e) {
    notes.accept(
        FileNames.shown(manifest.source().homePath())
            + ": can't be read, so that its databases were not compared with its log: "
            + e.getMessage());
  }

  /** From its DB_CONFIG, if that is still there, and from the application's code. */
  private List<Path> dataDirectories() {
    List<String> inCode = manifest.source().dataDirectories();
    List<String> all = inCode;
    try {
      all =
          DbConfig.of(manifest.source().homePath())
              .with(inCode, Optional.empty())
              .dataDirectories();
    } catch (IOException e) {
      unread(e);
    }
    return all.stream().map(FileNames::toPath).toList();
  }

  private RefusedException absolute(NameGuard.Objection objection) {
    return new RefusedException(
        Reason.ABSOLUTE_PATH,
        objection.message(),
        "to promote the standby as it was after its last sync, move the source's log files out of "
            + FileNames.escaped(manifest.source().logDirectory())
            + " and empty "
            + FileNames.shown(standby.incoming()));
  }
}
