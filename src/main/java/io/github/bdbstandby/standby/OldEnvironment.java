package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a new snapshot takes the place of. */
final class OldEnvironment {
  private OldEnvironment() {}

  /**
   * The files of the environment that is there; those that are nobody's stay, and so does
   * DB_CONFIG.
   *
   * @param logDirectories where log files of it are, beside the home and what a manifest tells
   */
  static List<Path> files(StandbyDirectory standby, List<Path> logDirectories) throws IOException {
    Path home = standby.home();
    Optional<Manifest> old = ManifestFile.read(standby.manifest());
    List<Path> files = new ArrayList<>();
    Set<Path> logs = new LinkedHashSet<>(List.of(home));
    logs.addAll(logDirectories);
    if (old.isPresent()) {
      for (String name : old.get().files().keySet()) {
        files.add(home.resolve(FileNames.toPath(name)));
      }
      logs.add(home.resolve(old.get().logPath()).normalize());
    }
    EnvironmentFiles now = EnvironmentFiles.in(home, home, FilesAtRest.excluded(home));
    now.databases().forEach(file -> files.add(file.path()));
    files.addAll(now.placeholders());
    for (Path directory : logs) {
      if (Files.isDirectory(directory)) {
        LogFile.in(directory).forEach(log -> files.add(log.path()));
      }
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home)) {
      for (Path entry : entries) {
        if (EnvironmentFiles.isRegion(entry.getFileName().toString())) {
          files.add(entry);
        }
      }
    }
    files.removeIf(file -> file.getFileName().toString().equals(DbConfig.FILE));
    return files;
  }
}
