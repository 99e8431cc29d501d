package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * That a snapshot's switch can put everything in its place: where a directory has become a file, or
 * a file a directory, nothing may lie there but what the switch removes.
 */
final class SwitchWay {
  private final StandbyDirectory standby;

  SwitchWay(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Looks ahead, by what the source has. */
  void check(Source source, EnvironmentFiles found, Layout layout) throws IOException {
    if (new Journal(standby).isOpen()) {
      return; // its manifest does not tell what is there, until that has ended
    }
    List<Path> data = source.dataDirectories();
    List<Path> files = new ArrayList<>();
    for (DatabaseFile file : found.databases()) {
      files.add(standby.home().resolve(layout.place(file.relative(), data)));
    }
    for (OtherFile file : found.others()) {
      files.add(standby.home().resolve(layout.place(file.relative(), data)));
    }
    List<Path> directories = new ArrayList<>();
    for (Path directory : found.directories()) {
      if (layout.has(directory, data)) {
        directories.add(standby.home().resolve(layout.place(directory, data)));
      }
    }
    check(files, directories);
  }

  /** Looks at what is about to move. */
  void checkImage() throws IOException {
    Path image = standby.image();
    List<Path> files = new ArrayList<>();
    List<Path> directories = new ArrayList<>();
    try (Stream<Path> all = Files.walk(image)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Path place = standby.home().resolve(image.relativize(each));
        (Files.isDirectory(each) ? directories : files).add(place);
      }
    }
    check(files, directories);
  }

  private void check(List<Path> files, List<Path> directories) throws IOException {
    if (!Files.isDirectory(standby.home())) {
      return;
    }
    Set<Path> leaving = null;
    for (Path place : files) {
      List<Path> there = Way.inFilesWay(place);
      if (!there.isEmpty()) {
        leaving = leaving == null ? leaving() : leaving;
        refuse(place, there, leaving);
      }
    }
    for (Path place : directories) {
      List<Path> there = Way.inDirectorysWay(place);
      if (!there.isEmpty()) {
        leaving = leaving == null ? leaving() : leaving;
        refuse(place, there, leaving);
      }
    }
  }

  private static void refuse(Path place, List<Path> there, Set<Path> leaving) {
    Way.refuse(place, there.stream().filter(each -> !leaving.contains(each)).findFirst());
  }

  private Set<Path> leaving() throws IOException {
    return new HashSet<>(OldEnvironment.files(standby, standby.home()));
  }
}
