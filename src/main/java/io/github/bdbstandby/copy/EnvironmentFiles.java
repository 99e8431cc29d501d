package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What lies in an environment's home, at any depth: found by magic number and not by scanning the
 * log, because the log names neither what nobody opened since its first file nor, in a list made by
 * {@code log_archive}, what it can't resolve.
 *
 * <p>Region files, log files, {@code lost+found} in the root of a file system and what the caller
 * excludes are left out. Symbolic links are followed: the copy holds what they lead to, under their
 * name; but for those that lead to a directory with the home in it. A walk of a live home is no
 * snapshot of its directory: a file renamed meanwhile may be seen twice or not at all, so walk
 * again after copying.
 *
 * @param databases sorted by path
 * @param others sorted by path
 * @param placeholders of databases being renamed or removed: they hold a name, and must not be
 *     taken for a file of the application or put over a database that has this name elsewhere
 * @param directories all directories below the home, relative to it, parents first
 */
public record EnvironmentFiles(
    List<DatabaseFile> databases,
    List<OtherFile> others,
    List<Path> placeholders,
    List<Path> directories) {

  /** What a standby has of ours; a primary that was one may still have it. */
  public static final String OURS = ".bdb-standby";

  /** The last are versions of pages for which the cache has no room ({@code __memp_bh_freeze}). */
  private static final Pattern REGION =
      Pattern.compile("__db\\.(\\d{3,}|register|freezer\\.\\d+\\.\\d+\\.\\d+K)");

  /**
   * Below a directory libdb forgets the prefix ({@code __db_backup_name}). What comes first is a
   * transaction's id, from {@code TXN_MINIMUM} up: so that {@code a.db} is none. What comes last is
   * a random number, and where there is no prefix none that could be an application's {@code .db}.
   */
  private static final Pattern PASSING =
      Pattern.compile(
          "(__db\\.[89a-f][0-9a-f]{7}\\.|[89a-f][0-9a-f]{7}\\.(?![a-f]{1,3}$))[0-9a-f]{1,8}");

  /** Keeps copies of the lists. */
  public EnvironmentFiles {
    databases = List.copyOf(databases);
    others = List.copyOf(others);
    placeholders = List.copyOf(placeholders);
    directories = List.copyOf(directories);
  }

  /** The ids of the databases; of an encrypted one the beginning, which can be read. */
  public Set<String> fileIds() {
    Set<String> ids = new HashSet<>();
    for (DatabaseFile file : databases) {
      file.format().map(PageFormat::fileId).ifPresent(ids::add);
    }
    return ids;
  }

  /**
   * Walks a home.
   *
   * @param logDirectory where the log files are: there, and in the home, they are left out
   * @param excluded files and directories to pass over
   */
  public static EnvironmentFiles in(Path home, Path logDirectory, Set<Path> excluded)
      throws IOException {
    EnvironmentWalk walk = new EnvironmentWalk(home, logDirectory, excluded);
    walk.leaveOutAbove(home.toRealPath());
    walk.directory(home);
    walk.readHeaders();
    return walk.result();
  }

  /**
   * Whether a name is that of a region file, of libdb's process registry, or of a file that its
   * cache goes on in: what describes processes at work, and is nothing without them.
   */
  public static boolean isRegion(String name) {
    return REGION.matcher(name).matches();
  }

  /** Whether a file of that name is a part of a database with partitions. */
  public static boolean isPartition(Path file) {
    Objects.requireNonNull(file, "file");
    return file.getFileName().toString().startsWith("__dbp.");
  }

  /** Whether a name is one that libdb gives to a file being made or removed. */
  public static boolean isPassing(String name) {
    return PASSING.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
  }

  /** Bytes of all databases. */
  public long databaseBytes() {
    return databases.stream().mapToLong(DatabaseFile::size).sum();
  }
}
