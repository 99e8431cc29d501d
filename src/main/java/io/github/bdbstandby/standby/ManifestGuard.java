package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a manifest says all that a standby can't do without, in a form that can be used: whoever
 * has read one may rely on it. Above all no name in it leads out of the standby, whose files are
 * removed and written by these names.
 */
final class ManifestGuard {
  private ManifestGuard() {}

  /** What is wrong with it; empty if nothing is. */
  static Optional<String> objection(Manifest manifest) {
    if (!isWhole(manifest)) {
      return Optional.of("fields are missing");
    }
    try {
      Layout.parse(manifest.layout());
      Procedure.parse(manifest.procedure());
      Lsn end = manifest.recoveredTo().lsn();
      if (end.file() > 0) {
        LogFile.nameOf(manifest.firstNeeded());
      }
      manifest.archivePath();
      if (manifest.drill() != null && manifest.drill().recoveredTo() != null) {
        manifest.drill().recoveredTo().lsn();
      }
      return paths(manifest);
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isWhole(Manifest manifest) {
    return Stream.of(
                manifest.state(),
                manifest.source(),
                manifest.procedure(),
                manifest.layout(),
                manifest.copyMethod(),
                manifest.logDirectory(),
                manifest.recoveredTo(),
                manifest.hold(),
                manifest.files(),
                manifest.snapshotAt(),
                manifest.syncedAt())
            .allMatch(Objects::nonNull)
        && Stream.of(
                manifest.source().home(),
                manifest.source().dataDirectories(),
                manifest.source().logDirectory(),
                manifest.hold().regions())
            .allMatch(Objects::nonNull)
        && manifest.source().dataDirectories().stream().allMatch(Objects::nonNull)
        && manifest.files().values().stream().allMatch(file -> file != null && file.kind() != null);
  }

  private static Optional<String> paths(Manifest manifest) {
    for (String absolute : List.of(manifest.source().home(), manifest.source().logDirectory())) {
      if (!FileNames.toPath(absolute).isAbsolute()) {
        return Optional.of(FileNames.escaped(absolute) + ": not an absolute path");
      }
    }
    if (leadsOut(manifest.logDirectory())) {
      return Optional.of(FileNames.escaped(manifest.logDirectory()) + ": leads out of the standby");
    }
    for (Map.Entry<String, Manifest.FileAtRest> file : manifest.files().entrySet()) {
      if (leadsOut(file.getKey()) || isOurs(file.getKey())) {
        return Optional.of(FileNames.escaped(file.getKey()) + ": no file's place in a standby");
      }
    }
    return Optional.ofNullable(manifest.promotedConfig())
        .flatMap(text -> leadsOut(new DbConfig(Arrays.asList(text.split("\n")))));
  }

  /** A directory of a DB_CONFIG that is not below its home. */
  static Optional<String> leadsOut(DbConfig config) {
    return Stream.concat(config.dataDirectories().stream(), config.logDirectory().stream())
        .filter(ManifestGuard::leadsOut)
        .findFirst()
        .map(directory -> FileNames.escaped(directory) + ": leads out of the standby");
  }

  /** Whether a name, taken from a directory, is at another place than below it. */
  static boolean leadsOut(String name) {
    Path path = FileNames.toPath(name);
    return path.isAbsolute() || path.normalize().startsWith("..");
  }

  /** A file at rest is never the home itself, nor one of our own. */
  private static boolean isOurs(String name) {
    Path path = FileNames.toPath(name).normalize();
    return path.toString().isEmpty() || path.startsWith(StandbyDirectory.MARKS);
  }
}
