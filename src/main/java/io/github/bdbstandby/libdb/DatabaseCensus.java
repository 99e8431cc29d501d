package io.github.bdbstandby.libdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts what is in databases, by opening each and reading it to its end: for private environments,
 * where nobody writes. Thread-safe.
 */
public final class DatabaseCensus {
  private final DbEnvironment environment;

  /**
   * One database.
   *
   * @param file relative to the home or a data directory
   * @param name of a database in a file that holds several; empty for a file's only one
   * @param records in it, each duplicate counted
   */
  public record Count(String file, Optional<String> name, long records) {}

  /** Of databases in this environment. */
  public DatabaseCensus(DbEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Counts the records of each database in a file.
   *
   * @param file relative to the home or a data directory
   * @throws DatabaseDamagedException if a page can't be read; it may panic the environment
   * @throws DbException with {@code EINVAL} of a database that can't be opened without functions of
   *     its application, such as a hash function
   */
  public List<Count> of(String file) {
    environment.handle.refuseAttached();
    byte[] rawFile = FileNames.encode(file);
    return environment.handle.call(
        env -> {
          byte[][] names = Shim.databaseNames(env, rawFile);
          if (names == null) {
            return List.of(
                new Count(file, Optional.empty(), Shim.countRecords(env, rawFile, null)));
          }
          List<Count> counts = new ArrayList<>();
          for (byte[] name : names) {
            counts.add(
                new Count(
                    file,
                    Optional.of(FileNames.decode(name)),
                    Shim.countRecords(env, rawFile, name)));
          }
          return List.copyOf(counts);
        });
  }
}
