package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a source has what a standby has: for files that recovery made there, by our umask and not
 * by the application's.
 */
record Originals(Path home, Path logDirectory, Layout layout, List<Path> dataDirectories) {

  static Originals of(Source source, Layout layout) {
    return new Originals(source.home(), source.logDirectory(), layout, source.dataDirectories());
  }

  /**
   * Gives a file the mode of its original, if there is one.
   *
   * @param kind as in the manifest
   * @param place the copy's path from the standby's home
   * @param now its mode
   */
  void like(String kind, Path place, Path copy, Set<PosixFilePermission> now) throws IOException {
    if (kind.equals(Manifest.FileAtRest.LOG)) {
      FileModes.like(logDirectory.resolve(copy.getFileName()), copy, now);
      return;
    }
    List<Path> candidates = new ArrayList<>(List.of(place));
    if (layout == Layout.FLAT) {
      dataDirectories.forEach(directory -> candidates.add(directory.normalize().resolve(place)));
    }
    for (Path each : candidates) {
      if (layout.place(each, dataDirectories).equals(place)
          && FileModes.like(home.resolve(each), copy, now)) {
        return;
      }
    }
  }
}
