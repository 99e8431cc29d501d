package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an open environment tells of itself, its files and its log; nothing here changes it. Safe
 * for many threads. Every method may throw {@link DbException} with what libdb said, and {@link
 * ClosedEnvironmentException} once the environment was closed.
 */
public abstract sealed class EnvironmentView permits DbEnvironment {

  final Handle handle;

  EnvironmentView(Handle handle) {
    this.handle = handle;
  }

  /** The directory, absolute. */
  public Path home() {
    return handle.home();
  }

  /**
   * The databases that the log names and that exist ({@code DB_ARCH_DATA}). Reads the whole log,
   * backwards. Not listed: what nobody opened in the life of the logs, and what libdb cannot find.
   *
   * @throws NoSuchFileDbException if the log names a queue that is gone ({@code
   *     __qam_extent_names}): then libdb lists nothing
   */
  public LogListing databases() {
    return list("DB_ARCH_DATA");
  }

  /**
   * The log files, from the last one down to the first one before a missing one ({@code
   * DB_ARCH_LOG}).
   */
  public LogListing logFiles() {
    return list("DB_ARCH_LOG");
  }

  /**
   * The log files that the environment needs no more for its own recovery ({@code log_archive} with
   * no flag).
   */
  public LogListing inactiveLogFiles() {
    return list(null);
  }

  private LogListing list(String what) {
    int flags = Shim.constant("DB_ARCH_ABS") | (what == null ? 0 : Shim.constant(what));
    return handle.call(
        env -> {
          try {
            return new LogListing(FileNames.decodeAll(Shim.logArchive(env, flags)));
          } catch (DbException e) {
            // What libdb says of a log without a record.
            if (e.code() == Shim.constant("DB_NOTFOUND")) {
              return new LogListing(List.of());
            }
            throw e;
          }
        });
  }

  /** Where the log stands. */
  public LogStatus logStatus() {
    return handle.call(env -> LogStatus.of(Shim.logStat(env)));
  }

  /**
   * The transactions that are prepared and neither committed nor aborted ({@code
   * DB_ENV->txn_stat}); recovery restores those that the log has.
   */
  public List<GlobalTransactionId> preparedTransactions() {
    return handle.call(
        env -> Arrays.stream(Shim.txnPrepared(env)).map(GlobalTransactionId::new).toList());
  }

  /**
   * The files that the cache knows: all that were opened since the regions were made, and more may
   * have been closed.
   *
   * @throws IllegalStateException if the environment is attached: libdb measures the names first
   *     and copies them afterwards, into a block of the application's that may be too small by
   *     then; handles of our own ask for more room than they need
   */
  public List<CachedFile> cachedFiles() {
    handle.refuseAttached();
    return handle.call(env -> Arrays.stream(Shim.mempStat(env)).map(CachedFile::of).toList());
  }

  /**
   * The data directories, of the options and of DB_CONFIG, as they were spelled ({@code
   * DB_ENV->get_data_dirs}).
   */
  public List<String> dataDirectories() {
    return handle.call(env -> FileNames.decodeAll(Shim.getDataDirs(env)));
  }

  /**
   * The log directory, of the options or of DB_CONFIG, as it was spelled ({@code
   * DB_ENV->get_lg_dir}).
   */
  public Optional<String> logDirectory() {
    return handle.call(env -> Optional.ofNullable(Shim.getLgDir(env)).map(FileNames::decode));
  }

  /** The metadata directory, of DB_CONFIG, as it was spelled ({@code DB_ENV->get_metadata_dir}). */
  public Optional<String> metadataDirectory() {
    return handle.call(env -> Optional.ofNullable(Shim.getMetadataDir(env)).map(FileNames::decode));
  }

  /**
   * The environment's subsystems ({@code DB_ENV->get_open_flags}): of a joined one those that its
   * creator chose.
   */
  public Set<Subsystem> subsystems() {
    return handle.call(env -> Subsystem.ofFlags(Shim.getOpenFlags(env)));
  }

  /** Whether the environment keeps its log in memory: then there are no log files to copy. */
  public boolean logsInMemory() {
    return handle.call(env -> Shim.logGetConfig(env, Shim.constant("DB_LOG_IN_MEMORY")));
  }

  /** Whether no other process can join it ({@code DB_PRIVATE}). */
  public boolean isPrivate() {
    return handle.call(env -> (Shim.getOpenFlags(env) & Shim.constant("DB_PRIVATE")) != 0);
  }

  /**
   * What tells an environment that we are attached to from any other, for as long as it is open;
   * empty for one that we have opened.
   */
  public Optional<String> attachment() {
    return handle.identity();
  }

  /** Whether the environment is encrypted ({@code DB_ENV->get_encrypt_flags}). */
  public boolean encrypted() {
    return handle.call(env -> (Shim.getEncryptFlags(env) & Shim.constant("DB_ENCRYPT_AES")) != 0);
  }

  /**
   * Whether anybody holds {@code DB_HOTBACKUP_IN_PROGRESS}: it counts holders in the region, and
   * dies with the regions.
   */
  public boolean hotBackupInProgress() {
    return handle.call(
        env -> (Shim.getFlags(env) & Shim.constant("DB_HOTBACKUP_IN_PROGRESS")) != 0);
  }

  /** The place of the log's first record; empty if there is none. */
  public Optional<Lsn> firstLsn() {
    return handle.call(env -> LogScan.edge(env, "DB_FIRST"));
  }

  /** The place of the log's last record; empty if there is none. */
  public Optional<Lsn> lastLsn() {
    return handle.call(env -> LogScan.edge(env, "DB_LAST"));
  }

  /**
   * Visits records of the log, ascending, by the calling thread. Interrupting it ends the scan.
   *
   * @param from the first record, which must be the start of one; {@link Lsn#ZERO} for the log's
   *     first
   * @param to the first record not visited; {@link Lsn#ZERO} for the end of the log as it is when
   *     the scan gets there
   * @throws LogSequenceException if {@code from} is no record, or the log has a hole before its end
   * @throws OperationCancelledException if the thread was interrupted
   */
  public void scanLog(Lsn from, Lsn to, Set<LogRecordType> types, Consumer<LogRecord> visitor) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(types, "types");
    Objects.requireNonNull(visitor, "visitor");
    handle.run(env -> LogScan.whole(env, home(), from, to, types, visitor));
  }

  /** Whether it was closed by us. */
  public boolean isClosed() {
    return handle.isClosed();
  }

  @Override
  public String toString() {
    return "DbEnvironment[" + FileNames.shown(home()) + (isClosed() ? ", closed]" : "]");
  }
}
