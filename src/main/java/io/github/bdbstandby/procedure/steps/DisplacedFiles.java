package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files of the application's, and directories, that lie in a recovery's way; they wait elsewhere
 * until it is over.
 */
final class DisplacedFiles {
  private final Target target;

  DisplacedFiles(Target target) {
    this.target = target;
  }

  void take(RecoveryStops.Stage stage) throws IOException {
    if (stage.named().isEmpty()) {
      return;
    }
    EnvironmentFiles files = target.files();
    for (OtherFile file : files.others()) {
      String name = FileNames.toName(file.relative());
      Set<Path> below = stage.below(name);
      if (stage.names(name) || !below.isEmpty()) {
        move(file.path(), target.displaced().resolve(file.relative()));
        for (Path directory : below) { // the one that had its name
          DurableFiles.createDirectories(file.path().resolve(directory));
        }
      }
    }
    List<Path> lookedIn = lookedIn();
    Set<Path> places = stage.places(lookedIn);
    for (Path directory : files.directories()) {
      Path place = target.home().resolve(directory).normalize();
      if (places.contains(place)
          && places.stream().noneMatch(each -> each.startsWith(place) && !each.equals(place))
          && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
          && !hasDatabases(files, directory)
          && !isNeeded(place, lookedIn)) {
        move(place, target.displaced().resolve(directory));
      }
    }
  }

  /** Where libdb looks for a name: in the data directories, and in the home. */
  private List<Path> lookedIn() throws IOException {
    List<Path> lookedIn = new ArrayList<>(List.of(target.home()));
    for (String directory : DbConfig.of(target.home()).dataDirectories()) {
      lookedIn.add(target.home().resolve(FileNames.toPath(directory)));
    }
    return lookedIn;
  }

  /** Recovery itself uses what is in it, or a disk that is mounted there can't move. */
  private boolean isNeeded(Path place, List<Path> lookedIn) throws IOException {
    Path real = place.toRealPath();
    List<Path> used = new ArrayList<>(lookedIn);
    used.add(target.logDirectory());
    for (Path each : used) {
      if (each.normalize().startsWith(place)
          || (Files.exists(each) && each.toRealPath().startsWith(real))) {
        return true;
      }
    }
    return MountedFileSystem.anyWithin(place);
  }

  private boolean hasDatabases(EnvironmentFiles files, Path directory) {
    return files.databases().stream().anyMatch(file -> file.relative().startsWith(directory))
        || files.placeholders().stream()
            .anyMatch(file -> file.startsWith(target.home().resolve(directory)));
  }

  /** A name that a database has by now stays its own; the next refresh brings what is due. */
  void putBack() throws IOException {
    Path displaced = target.displaced();
    if (!Files.isDirectory(displaced)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> below = Files.walk(displaced)) {
      all = below.filter(each -> !each.equals(displaced)).toList(); // directories come first
    }
    for (Path each : all) {
      Path place = target.home().resolve(displaced.relativize(each));
      if (!Files.isDirectory(place.getParent())) {
        continue; // a database has the name of the directory that it was in
      }
      if (Files.isDirectory(each)) {
        if (!Files.exists(place)) {
          DurableFiles.createDirectories(place);
          FileModes.sameDirectory(each, place);
        }
      } else if (Files.isRegularFile(each) && isFree(place)) {
        move(each, place);
      }
    }
    DurableFiles.deleteTree(displaced);
  }

  /** Also where recovery needed a directory, and has left nothing in it. */
  private static boolean isFree(Path place) throws IOException {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return !Files.exists(place);
    }
    try (Stream<Path> all = Files.walk(place)) {
      if (!all.allMatch(Files::isDirectory)) {
        return false;
      }
    }
    DurableFiles.deleteTree(place);
    return true;
  }

  private static void move(Path from, Path to) throws IOException {
    DurableFiles.createDirectories(to.getParent());
    PlainCopier.move(from, to);
    DurableFiles.syncDirectory(to.getParent());
    DurableFiles.syncDirectory(from.getParent());
  }
}
