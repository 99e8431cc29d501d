package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.procedure.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where in a standby files and directories are coming to. */
record Places(List<Path> files, List<Path> directories) {

  /** Is told what is in the way of something. */
  @FunctionalInterface
  interface Judge {
    void judge(Path place, List<Path> there) throws IOException;
  }

  /** Those of what a source has. */
  static Places of(EnvironmentFiles found, Layout layout, List<Path> dataDirectories, Path home) {
    List<Path> files =
        Stream.concat(
                found.databases().stream().map(DatabaseFile::relative),
                found.others().stream().map(OtherFile::relative))
            .map(file -> home.resolve(layout.place(file, dataDirectories)))
            .toList();
    List<Path> directories =
        found.directories().stream()
            .filter(directory -> layout.has(directory, dataDirectories))
            .map(directory -> home.resolve(layout.place(directory, dataDirectories)))
            .toList();
    return new Places(files, directories);
  }

  /** Those of all that is below an image. */
  static Places ofImage(Path image, Path home) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Path> directories = new ArrayList<>();
    try (Stream<Path> all = Files.walk(image)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        (Files.isDirectory(each) ? directories : files).add(home.resolve(image.relativize(each)));
      }
    }
    return new Places(files, directories);
  }

  /** Looks at each where something is in the way. */
  void judge(Judge judge) throws IOException {
    for (Path place : files) {
      judge(judge, place, Way.inFilesWay(place));
    }
    for (Path place : directories) {
      judge(judge, place, Way.inDirectorysWay(place));
    }
  }

  private static void judge(Judge judge, Path place, List<Path> there) throws IOException {
    if (!there.isEmpty()) {
      judge.judge(place, there);
    }
  }
}
