package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.PartedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a former primary has, and the new one has not: it is kept when the former becomes the
 * standby.
 *
 * <p>Log, from where the histories part. Databases of which the new primary has none of that id: it
 * may have removed them, or they are in no log. And the application's other files that would be
 * replaced by others of the same name; those that nothing replaces stay where they are.
 */
final class OnlyThere {
  private final FormerPrimary former;
  private final Path home;
  private final Path kept;
  private final List<PartedLog> logs = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  /**
   * Compares the two.
   *
   * @param primaryLogs the new primary's log files
   * @param image of the new primary, as it takes the former's place
   * @param options the password, if there is one
   */
  OnlyThere(FormerPrimary former, Path primaryLogs, Path image, EnvironmentOptions options)
      throws IOException {
    this.former = former;
    this.home = former.home();
    this.kept = former.kept();
    Set<Path> logNames = new HashSet<>();
    for (Path directory : former.logDirectories()) {
      List<LogFile> its = Files.isDirectory(directory) ? LogFile.in(directory) : List.of();
      its.forEach(log -> logNames.add(log.path()));
      if (!its.isEmpty()) {
        logs.add(PartedLog.of(its, primaryLogs, Optional.of(options)));
      }
    }
    EnvironmentFiles its = EnvironmentFiles.in(home, home, FilesAtRest.excluded(home));
    EnvironmentFiles coming = EnvironmentFiles.in(image, image, Set.of());
    Set<String> ids = coming.fileIds();
    for (DatabaseFile file : its.databases()) {
      String name = file.relative().getFileName().toString();
      boolean comes =
          file.format()
              .map(PageFormat::fileId)
              .map(ids::contains)
              .orElseGet(() -> Files.exists(image.resolve(file.relative())));
      if (!comes && !EnvironmentFiles.isPassing(name)) {
        files.add(file.path());
      }
    }
    for (OtherFile file : its.others()) {
      Path next = image.resolve(file.relative());
      boolean isConfig = file.relative().equals(Path.of(DbConfig.FILE));
      if (isConfig
          ? !DbConfig.of(image).lines().containsAll(DbConfig.of(home).forStandby().lines())
          : !logNames.contains(file.path())
              && Files.isRegularFile(next)
              && Files.mismatch(file.path(), next) >= 0) {
        files.add(file.path());
      }
    }
  }

  /** For the switch: which files go, and which are kept. */
  Leaving leaving() {
    return new Leaving(
        former.logDirectories().stream().map(this::name).toList(),
        all().stream().map(this::name).toList(),
        name(kept));
  }

  private List<Path> all() {
    List<Path> all = new ArrayList<>();
    logs.forEach(log -> log.beyond().forEach(file -> all.add(file.path())));
    all.addAll(files);
    return all;
  }

  private String name(Path below) {
    return FileNames.toName(home.relativize(below));
  }

  /**
   * Looks whether it can be kept: what lies on a disk mounted within the home is copied.
   *
   * @throws RefusedException {@code disk-full}
   */
  void checkRoom() throws IOException {
    if (!MountedFileSystem.anyBelow(home)) {
      return;
    }
    DiskRoom room = new DiskRoom();
    for (Path file : all()) {
      if (!SpaceGuard.isShared(file, kept)) {
        room.add(kept, Files.size(file));
      }
    }
    room.check();
  }

  /** What the user should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    String there = ", and kept in " + FileNames.shown(kept);
    for (PartedLog log : logs) {
      if (!log.beyond().isEmpty()) {
        notes.add(
            FileNames.shown(log.beyond().get(0).path().getParent())
                + log.parting()
                    .map(
                        at ->
                            ": its log parts from the new primary's at "
                                + at
                                + "; what it has from there on is in no other place")
                    .orElse(
                        ": its log can't be compared with the new primary's, which does not go"
                            + " back so far; it may be in no other place")
                + there);
      }
    }
    if (!files.isEmpty()) {
      notes.add(
          FileNames.shown(home)
              + ": the new primary does not have these as they are here: "
              + String.join(", ", files.stream().map(f -> FileNames.escaped(name(f))).toList())
              + "; they are taken aside"
              + there);
    }
    notes.addAll(former.notes());
    return notes;
  }
}
