package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Room on the disks that are mounted within a standby. A snapshot is gathered on the standby's own,
 * and moves there when what it replaces has gone: too late to notice that a disk is full.
 */
final class SwitchRoom {
  private final StandbyDirectory standby;

  SwitchRoom(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Looks ahead, by what the source has. */
  void check(Source source, EnvironmentFiles files, List<LogFile> logs, Layout layout)
      throws IOException {
    if (!isSpread()) {
      return;
    }
    Map<Path, Long> coming = new HashMap<>();
    List<Path> data = source.dataDirectories();
    for (DatabaseFile file : files.databases()) {
      coming.put(standby.home().resolve(layout.place(file.relative(), data)), file.size());
    }
    for (OtherFile file : files.others()) {
      coming.put(standby.home().resolve(layout.place(file.relative(), data)), file.size());
    }
    Path logDirectory = source.logDirectoryIn(standby.home(), layout);
    for (LogFile log : logs) {
      coming.put(logDirectory.resolve(log.path().getFileName()), log.size());
    }
    SpaceGuard.checkMounted(standby.home(), coming, leaving());
  }

  /** Looks at what is about to move. */
  void check(Manifest next) throws IOException {
    if (!isSpread()) {
      return;
    }
    Map<Path, Long> coming = new HashMap<>();
    next.files()
        .forEach(
            (name, file) ->
                coming.put(standby.home().resolve(FileNames.toPath(name)), file.size()));
    SpaceGuard.checkMounted(standby.home(), coming, leaving());
  }

  private boolean isSpread() throws IOException {
    return Files.isDirectory(standby.home()) && MountedFileSystem.anyBelow(standby.home());
  }

  private Set<Path> leaving() throws IOException {
    Set<Path> leaving = new HashSet<>();
    ManifestFile.read(standby.manifest())
        .ifPresent(
            old ->
                old.files()
                    .keySet()
                    .forEach(name -> leaving.add(standby.home().resolve(FileNames.toPath(name)))));
    EnvironmentFiles now =
        EnvironmentFiles.in(standby.home(), standby.home(), FilesAtRest.excluded(standby.home()));
    now.databases().forEach(file -> leaving.add(file.path()));
    for (OtherFile file : now.others()) {
      if (LogFile.numberOf(file.path().getFileName().toString()).isPresent()) {
        leaving.add(file.path());
      }
    }
    return leaving;
  }
}
