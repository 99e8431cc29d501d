package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DatabaseCensus;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.steps.Recover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Puts a recovered clone of a standby to use, as its application would after a failover: opens the
 * environment for writing, takes a checkpoint in it, opens each database and reads it to its end.
 * For one clone, by one thread.
 */
final class Trial {
  private final EnvironmentOptions options;
  private final List<DatabaseCensus.Count> counts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Trial(EnvironmentOptions options) {
    this.options = options;
  }

  /**
   * Does it.
   *
   * @param damage gets one sentence for each finding
   */
  void run(Path clone, Manifest manifest, List<DatabaseFile> databases, List<String> damage)
      throws IOException {
    if (manifest.promotedConfig() != null) {
      // The clone is opened privately, whatever way the application opens its own.
      DurableFiles.write(
          clone.resolve(DbConfig.FILE),
          DbConfig.parse(manifest.promotedConfig()).withoutOpenFlags().bytes());
    }
    long bytes = 0;
    for (DatabaseFile file : databases) {
      bytes += Files.size(file.path());
    }
    EnumSet<Subsystem> all = EnumSet.of(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN);
    try (DbEnvironment environment =
        DbEnvironment.openPrivate(clone, all, Recover.withCache(options, bytes))) {
      environment.checkpoint(true);
      List<Path> data = environment.dataDirectories().stream().map(FileNames::toPath).toList();
      for (DatabaseFile file : databases) {
        DatabaseCheck.refuseInterrupted("DB->stat");
        count(environment, FileNames.toName(Layout.FLAT.place(file.relative(), data)), damage);
      }
      environment.checkpoint(true);
    } catch (DbException e) {
      damage.add(Damage.toldBy(e));
    }
  }

  private void count(DbEnvironment environment, String name, List<String> damage) {
    try {
      counts.addAll(new DatabaseCensus(environment).of(name));
    } catch (DbException e) {
      // libdb's verify was content: what it can't open so needs functions of its application.
      if (e.codeName().equals("EINVAL")) {
        notes.add(
            name + ": not counted, it can't be opened without its application: " + e.getMessage());
      } else {
        damage.add(Damage.toldBy(e));
      }
    }
  }

  List<DatabaseCensus.Count> counts() {
    return counts;
  }

  long records() {
    return counts.stream().mapToLong(DatabaseCensus.Count::records).sum();
  }

  List<String> notes() {
    return notes;
  }
}
