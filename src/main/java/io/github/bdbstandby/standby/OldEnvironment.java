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
import java.util.List;
import java.util.Optional;

/** What a new snapshot takes the place of. */
final class OldEnvironment {
  private OldEnvironment() {}

  /**
   * The files of the environment that is there; those that are nobody's stay, and so does
   * DB_CONFIG.
   *
   * @param logDirectory where its log is, if it has no manifest that tells
   */
  static List<Path> files(StandbyDirectory standby, Path logDirectory) throws IOException {
    Path home = standby.home();
    Optional<Manifest> old = ManifestFile.read(standby.manifest());
    List<Path> files = new ArrayList<>();
    Path logs = logDirectory;
    if (old.isPresent()) {
      for (String name : old.get().files().keySet()) {
        files.add(home.resolve(FileNames.toPath(name)));
      }
      logs = home.resolve(old.get().logPath()).normalize();
    }
    EnvironmentFiles now = EnvironmentFiles.in(home, logs, FilesAtRest.excluded(home));
    now.databases().forEach(file -> files.add(file.path()));
    files.addAll(now.placeholders());
    for (Path directory : List.of(home, logs)) {
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
