package io.github.bdbstandby.disks;

import io.github.bdbstandby.busy.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a source and its standby are.
 *
 * @param home the source's home
 * @param data its directory with databases, the home or one below it
 * @param parent the directory that the standby is made in
 * @param written where the application writes the databases of {@code data}, by another path
 *     perhaps
 */
record Places(Path home, Path data, Path parent, Path written) {

  /** A home on one file system, a standby on another or on the same. */
  static Places of(Path source, Path parent) throws IOException {
    Path home = Files.createDirectory(source.resolve("home"));
    return new Places(home, home, parent, home);
  }

  /** The same, with a home whose files btrfs writes in place. */
  Places inPlace() {
    Run.of("chattr", "+C", home.toString()).good();
    return this;
  }

  /** What the application is told of its data directory. */
  List<String> options() {
    return data.equals(home)
        ? List.of()
        : List.of("--config", "add_data_dir " + home.relativize(data));
  }

  Path standby() {
    return parent.resolve("standby");
  }
}
