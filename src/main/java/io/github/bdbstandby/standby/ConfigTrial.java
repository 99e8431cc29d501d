package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Whether it is for the DB_CONFIG that a home can't be opened. */
final class ConfigTrial {
  private ConfigTrial() {}

  /** Whether libdb refuses the same lines in an empty directory. */
  static boolean isRefused(Path home) throws IOException {
    DbConfig config = DbConfig.of(home);
    if (config.lines().isEmpty()) {
      return false;
    }
    try (Scratch scratch = Scratch.temporary("bdb-standby-config")) {
      DurableFiles.write(scratch.directory().resolve(DbConfig.FILE), config.bytes());
      DbEnvironment.openPrivate(
              scratch.directory(), Set.of(Subsystem.MPOOL), EnvironmentOptions.defaults())
          .close();
      return false;
    } catch (DbException e) {
      return true;
    }
  }
}
