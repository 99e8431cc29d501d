package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.copy.Workers;
import io.github.bdbstandby.libdb.CachedFile;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.LogArchive;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.ArchiveConflicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a snapshot refuses, before anything is changed and on the way. */
final class SnapshotGuard {
  private final StandbyDirectory standby;
  private final SourceRequest request;
  private final SnapshotOptions options;
  private Keeping keeping;
  private CopyMethodChoice methods;

  SnapshotGuard(StandbyDirectory standby, SourceRequest request, SnapshotOptions options) {
    this.standby = standby;
    this.request = request;
    this.options = options;
    this.keeping = Keeping.of(options, Optional.empty());
  }

  /** The directory that the snapshot would go to; its manifest, if it is a standby already. */
  Optional<Manifest> refuseTarget() throws IOException {
    keeping = Keeping.of(options, Optional.empty());
    refuseKeeping();
    Optional<Manifest> manifest = manifestThere();
    // One that was cut off as it took its place is what will be there.
    keeping = Keeping.of(options, new Journal(standby).next().or(() -> manifest));
    refuseKeeping();
    return manifest;
  }

  /** How the standby is to be kept, once the target has been looked at. */
  Keeping keeping() {
    return keeping;
  }

  private void refuseKeeping() throws IOException {
    if (request.passive() && (options.checkpoint() || keeping.procedure() == Procedure.LONG)) {
      throw new RefusedException(
          Reason.NOT_PASSIVE,
          FileNames.shown(request.home())
              + ": "
              + (options.checkpoint()
                  ? "a checkpoint needs to join the source"
                  : "the long procedure moves log files out of the source"),
          "leave out --passive, or what asks for more than reading: --checkpoint, or the long"
              + " procedure, which --procedure copy ends");
    }
    PathGuard.check(request.home(), standby.home(), keeping.archive());
  }

  /** Before all is copied, and not when it is to be archived. */
  void refuseConflicts(Cycle cycle) throws IOException {
    if (keeping.procedure() != Procedure.LONG) {
      return;
    }
    try {
      ArchiveConflicts.refuse(cycle);
    } catch (LogArchive.ArchiveConflictException e) {
      throw new RefusedException(Reason.ARCHIVE_CONFLICT, e.getMessage(), Guarded.CONFLICT_HINT, e);
    }
  }

  private Optional<Manifest> manifestThere() throws IOException {
    Optional<Manifest> manifest = ManifestFile.read(standby.manifest());
    if (manifest.isPresent()
        || Files.isDirectory(standby.marks())
        || FormerPrimary.of(request.home(), standby).isPresent()) { // the lock makes its marks
      TreeGuard.check(standby);
    }
    if (manifest.isEmpty()) {
      if (!standby.isEmpty()
          && !standby.isOnlyMarks()
          && !new Journal(standby).isOpen()
          && FormerPrimary.of(request.home(), standby).isEmpty()) {
        throw new RefusedException(
            Reason.STANDBY_NOT_EMPTY,
            FileNames.shown(standby.home()) + ": not empty, and not a standby of ours",
            "give a directory that is empty or does not exist yet");
      }
      return manifest;
    }
    if (manifest.get().isPromoted()) {
      if (FormerPrimary.of(request.home(), standby).isPresent()) {
        return Optional.empty(); // the way back, once more: what it was is over
      }
      throw new RefusedException(
          Reason.PROMOTED,
          FileNames.shown(standby.home()) + ": was failed over, and is a primary now",
          "give another directory, or empty this one if its data is no longer wanted");
    }
    KnownSource.refuseOtherSource(standby, manifest.get(), request.home());
    return manifest;
  }

  /** The environment that it would be taken of. */
  void refuseSource(Source source) throws IOException {
    AccessGuard.reading(
        () -> {
          look(source);
          return null;
        });
  }

  /** How the files of the source that was looked at are read. */
  CopyMethodChoice methods() {
    return methods;
  }

  private void look(Source source) throws IOException {
    if (source.logFiles().isEmpty() && source.files().databases().isEmpty()) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(source.home()) + ": holds neither databases nor log files",
          "give the environment's home: --home");
    }
    refuseConfig(source);
    AccessGuard.askForCheckpoint(source);
    SourceLog.refuseHole(source);
    refuseForeign(source);
    // In this order: what is made before the walk or after it is in the one or in the log.
    long first = source.firstNeeded().orElse(1);
    EnvironmentFiles files = source.files();
    SnapshotNames.refuse(source, files, first);
    if (keeping.layout() == Layout.FLAT) {
      refuseCollision(source, files);
    }
    List<LogFile> logs = source.logFiles().stream().filter(log -> log.number() >= first).toList();
    // Of the others the beginning has been read.
    AccessGuard.askForReading(
        files.databases().stream()
            .filter(file -> file.extent().isPresent())
            .map(DatabaseFile::path));
    AccessGuard.askForReading(logs.stream().map(LogFile::path));
    try {
      methods =
          new CopyMethodChoice(
              source.sharing(), options.copy(), SpaceGuard.existing(standby.home()));
      Set<CopyMethod> chosen = ConcurrentHashMap.newKeySet();
      Workers.forEach(
          files.databases(),
          Workers.waiting(),
          file -> {
            try {
              chosen.add(methods.of(file.path()));
            } catch (NoSuchFileException e) {
              // removed since it was listed
            }
          });
      if (chosen.isEmpty()) { // else the home may have nothing but the regions
        methods.of(source.home());
      }
      boolean cloned = Set.of(CopyMethod.REFLINK).containsAll(chosen);
      refuseFull(cloned ? List.of() : files.databases(), files, logs);
      new SwitchRoom(standby).check(source, files, logs, keeping.layout());
      new SwitchWay(standby, request.home()).check(source, files, keeping.layout());
    } catch (NoPageAtomicReadException e) {
      throw new RefusedException(
          Reason.NO_PAGE_ATOMIC_READ,
          e.getMessage(),
          "put the environment on ext4 (data=ordered) or XFS, or run the backup inside the"
              + " application",
          e);
    }
  }

  /** Recovery of the copy goes by it; who has the source open need not have noticed. */
  private void refuseConfig(Source source) throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-config")) {
      Path copy = scratch.directory();
      Path logs = source.logDirectoryIn(copy, keeping.layout());
      DbConfig config =
          source.promotedConfig(keeping.layout(), new Target(copy, logs, copy, Optional.empty()));
      Optional<DbException> refusal =
          ConfigTrial.refusal(config.forStandby(), scratch, copy.relativize(logs));
      if (refusal.isPresent()) {
        throw SourceGuard.refusedConfig(source.home(), refusal.get(), false);
      }
    }
  }

  private void refuseFull(List<DatabaseFile> copied, EnvironmentFiles files, List<LogFile> logs)
      throws IOException {
    DiskRoom room = new DiskRoom();
    long bytes = SpaceGuard.MARGIN;
    for (LogFile log : logs) {
      bytes += log.size();
    }
    room.add(standby.home(), bytes);
    copied.forEach(file -> room.add(standby.home(), file));
    files.others().forEach(file -> room.add(standby.home(), file));
    room.check();
  }

  /**
   * The shared cache knows files by the names they were opened by, also where none is logged. An
   * application that we are attached to can't be asked for them; its log names what counts.
   */
  private static void refuseForeign(Source source) {
    Optional<OpenedSource> joined =
        source
            .opened()
            .filter(opened -> opened.sharing() != Sharing.NOBODY)
            .filter(opened -> opened.environment().attachment().isEmpty());
    if (joined.isEmpty()) {
      return;
    }
    for (CachedFile file : joined.get().ask(DbEnvironment::cachedFiles)) {
      Path path = FileNames.toPath(file.name());
      if (path.isAbsolute() && Files.exists(path)) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            FileNames.shown(path) + ": open in the environment by its absolute path",
            "have the application open it by a name relative to the home or a data directory");
      }
    }
  }

  private void refuseCollision(Source source, EnvironmentFiles files) {
    Map<Path, Path> taken = new HashMap<>();
    List<Path> all = new ArrayList<>();
    files.databases().forEach(file -> all.add(file.relative()));
    files.others().forEach(file -> all.add(file.relative()));
    for (Path each : all) {
      Path other = taken.put(keeping.layout().place(each, source.dataDirectories()), each);
      if (other != null) {
        throw new RefusedException(
            Reason.NAME_COLLISION,
            FileNames.shown(each)
                + " and "
                + FileNames.shown(other)
                + ": would have the same name in a flat standby",
            "use the mirror layout");
      }
    }
  }

  /** An environment that nobody had open when we began must not have been opened since. */
  static void refuseIntruder(Source source) throws IOException {
    if (source.sharing() == Sharing.NOBODY
        && (DbEnvironment.hasRegionFiles(source.home())
            || OpenFiles.environmentAt(source.home()).isPresent())) {
      throw new CycleFailedException(
          Reason.PRIVATE_ENVIRONMENT,
          FileNames.shown(source.home()) + ": was opened by somebody while it was being copied",
          "try again, now that it is open",
          null);
    }
  }
}
