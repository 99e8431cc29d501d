package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.NoSpaceException;
import io.github.bdbstandby.libdb.RecoveryListener;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Whether libdb takes a DB_CONFIG, tried in a directory with nothing else. */
final class ConfigTrial {
  private ConfigTrial() {}

  /** Whether it is for the DB_CONFIG that a home can't be opened. */
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

  /**
   * What libdb has against recovery by that DB_CONFIG. It costs what that will: the index of the
   * cache, and no locks for it.
   *
   * @param scratch is given all that recovery needs
   * @param logs the log directory, relative to the home
   */
  static Optional<DbException> refusal(DbConfig config, Scratch scratch, Path logs)
      throws IOException {
    DurableFiles.createDirectories(scratch.directory().resolve(logs));
    DurableFiles.write(scratch.directory().resolve(DbConfig.FILE), config.bytes());
    try {
      DbEnvironment.recover(
          scratch.directory(),
          RecoveryOptions.catastrophic(EnvironmentOptions.defaults()),
          RecoveryListener.NONE);
      return Optional.empty();
    } catch (NoSpaceException e) {
      throw e;
    } catch (DbException e) {
      return Optional.of(e);
    }
  }
}
