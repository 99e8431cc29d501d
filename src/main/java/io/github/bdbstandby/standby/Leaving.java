package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An environment that a switch takes the place of, though no manifest tells its files. All names
 * are relative to the home: whoever ends the switch may find it elsewhere.
 *
 * @param logDirectories of its log files
 * @param kept its files that are kept
 * @param keepIn where; below our own directory
 */
record Leaving(List<String> logDirectories, List<String> kept, String keepIn) {

  /** Whether all is there that a journal should have. */
  boolean isWhole() {
    return keepIn != null
        && Stream.of(logDirectories, kept)
            .allMatch(names -> names != null && names.stream().noneMatch(Objects::isNull));
  }

  /** Its own places, which must be the standby's. */
  List<String> places() {
    return Stream.concat(logDirectories.stream(), kept.stream()).toList();
  }

  /** Where its log files are. */
  List<Path> logDirectoriesIn(Path home) {
    return logDirectories.stream()
        .map(name -> home.resolve(FileNames.toPath(name)).normalize())
        .toList();
  }

  /** Keeps its DB_CONFIG, whose place the guard takes. */
  void keepConfig(Path home) throws IOException {
    Path config = home.resolve(DbConfig.FILE);
    if (kept.contains(DbConfig.FILE) && Files.exists(config)) {
      Path place = place(home, DbConfig.FILE);
      DurableFiles.createDirectories(place.getParent());
      DurableFiles.write(place, Files.readAllBytes(config));
    }
  }

  /** Keeps the rest, one rename each; what is not there has gone before. */
  void keep(Path home) throws IOException {
    for (String name : kept) {
      Path file = home.resolve(FileNames.toPath(name));
      if (!name.equals(DbConfig.FILE) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Path place = place(home, name);
        DurableFiles.createDirectories(place.getParent());
        PlainCopier.move(file, place);
        DurableFiles.syncDirectory(place.getParent());
      }
    }
  }

  private Path place(Path home, String name) {
    return home.resolve(FileNames.toPath(keepIn)).resolve(FileNames.toPath(name));
  }
}
