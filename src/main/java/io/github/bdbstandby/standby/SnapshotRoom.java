package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.SparseSize;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Room on a standby's own disk for what a snapshot gathers there. */
final class SnapshotRoom {
  private SnapshotRoom() {}

  /**
   * Checks. Holes in files are looked for only if it takes them.
   *
   * @param databases those that are copied, and not cloned
   * @throws RefusedException {@code disk-full}
   */
  static void check(
      Path standby, List<DatabaseFile> databases, EnvironmentFiles files, List<LogFile> logs)
      throws IOException {
    long logBytes = 0;
    for (LogFile log : logs) {
      logBytes += log.size();
    }
    long bytes = logBytes;
    bytes += databases.stream().mapToLong(DatabaseFile::size).sum();
    bytes += files.others().stream().mapToLong(OtherFile::size).sum();
    if (SpaceGuard.isEnough(standby, bytes + SpaceGuard.MARGIN)) {
      return;
    }
    List<Path> sparse = new ArrayList<>();
    databases.forEach(file -> sparse.add(file.path()));
    files.others().forEach(file -> sparse.add(file.path()));
    bytes = logBytes;
    for (Path each : sparse) {
      bytes += SparseSize.of(each);
    }
    SpaceGuard.check(standby, bytes);
  }
}
