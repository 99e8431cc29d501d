package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/**
 * An open environment ({@code DB_ENV}). Safe for many threads. Every method may throw {@link
 * DbException} with what libdb said, and {@link ClosedEnvironmentException} once {@link #close()}
 * was called.
 */
public final class DbEnvironment implements AutoCloseable {

  /**
   * libdb's region files, {@code __db.001} and so on; {@code __db.register} and {@code __db.rep}
   * are none.
   */
  private static final Pattern REGION_FILE = Pattern.compile("__db\\.[0-9]+");

  /** The number of the message with which {@code __memp_backup_open} goes on. */
  private static final String ALREADY_IN_A_BACKUP = "BDB0712";

  /** One at a time: libdb's hooks belong to the handle, and others may have attached to it too. */
  private static final ReentrantLock BORROWED_BACKUP = new ReentrantLock();

  private final HandleOwner owner;
  private final Path home;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Calls hold the read side, closing takes the write side. */
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

  private final ReentrantLock backup;

  private DbEnvironment(HandleOwner owner, Path home) {
    this.owner = owner;
    this.home = home;
    this.backup = owner.identity().isPresent() ? BORROWED_BACKUP : new ReentrantLock();
  }

  /**
   * Attaches to the environment that the application has open with the official Java API ({@code
   * com.sleepycat.db}), in this process; a private one ({@code DB_PRIVATE}) too. It stays the
   * application's: nothing is set on it that outlasts a call, its error and message handlers get
   * what libdb says, and {@link #close()} only ends the attachment.
   *
   * <p>The application may close its environment at any time, from any thread: its {@code close}
   * waits for the call in flight, and every later one gets a {@link ClosedEnvironmentException}.
   *
   * @param environment a {@code com.sleepycat.db.Environment}
   * @throws ClosedEnvironmentException if it is closed already
   * @throws IllegalArgumentException if it is something else
   * @throws IllegalStateException if it was opened for one thread only
   * @throws VersionMismatchException if its libdb is not 5.3
   */
  public static DbEnvironment attach(Object environment) {
    return attached(Attachment.of(Objects.requireNonNull(environment, "environment")));
  }

  /**
   * The same for a {@code DB_ENV *} of the application's native code, of any copy of libdb 5.3 in
   * this process: it is called through its own functions. An address at which no {@code DB_ENV} is
   * is told without following it.
   *
   * <p>Nothing of ours can know when native code closes it: {@link #close()} the attachment first.
   * That waits for calls in flight, and afterwards there are none.
   *
   * @param pointer an open {@code DB_ENV *}
   * @throws IllegalArgumentException if it is 0
   * @throws IllegalStateException if it is not open, or was opened without {@code DB_THREAD}
   * @throws VersionMismatchException if no {@code DB_ENV} of libdb 5.3 is there, or its library
   *     does not show its {@code db_version}
   */
  public static DbEnvironment attach(long pointer) {
    return attached(Attachment.of(pointer));
  }

  private static DbEnvironment attached(HandleOwner owner) {
    return new DbEnvironment(owner, owner.lend(Attachment::home));
  }

  /**
   * Joins the environment that has its regions in this directory ({@code DB_ENV->open} with {@code
   * DB_THREAD} alone): never creates, recovers or registers.
   *
   * @throws NoSuchFileDbException if there is no environment
   * @throws WrongPasswordException if the password is wrong, missing or superfluous
   * @throws VersionMismatchException if another libdb made the regions
   * @throws RunRecoveryException if the environment has panicked
   */
  public static DbEnvironment join(Path home, EnvironmentOptions options) {
    DbEnvironment env = open(home, Shim.constant("DB_THREAD"), options, Optional.empty(), null);
    // set_open_flags in DB_CONFIG adds flags to ours: a private environment is not the one that was
    // to be joined.
    if (env.isPrivate()) {
      env.close();
      throw Failures.of(
          ErrorCodes.valueOf("ENOENT"),
          "DB_ENV->open " + home,
          List.of(
              "DB_CONFIG makes the environment private (DB_PRIVATE): no other process can join it"));
    }
    return env;
  }

  /**
   * Opens a private environment over a directory ({@code DB_CREATE|DB_PRIVATE|DB_THREAD}), without
   * recovery. It leaves no files of its own. With {@link Subsystem#TXN} libdb appends a record to
   * the log ({@code __txn_reset}); without, nothing in the directory changes. But where there is no
   * log file yet, closing with {@link Subsystem#LOG} leaves an empty first one ({@code
   * __log_env_refresh}).
   *
   * @throws RegionsPresentException if there are region files
   */
  public static DbEnvironment openPrivate(
      Path home, Set<Subsystem> subsystems, EnvironmentOptions options) {
    if (hasRegionFiles(home)) {
      throw new RegionsPresentException(home);
    }
    return open(home, privateFlags(subsystems), options, Optional.empty(), null);
  }

  /**
   * Whether region files ({@code __db.001} and so on) are in the directory; false if it does not
   * exist.
   */
  public static boolean hasRegionFiles(Path home) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home, "__db.*")) {
      for (Path file : files) {
        if (REGION_FILE.matcher(file.getFileName().toString()).matches()) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs recovery on a directory, in a private environment that is closed afterwards. Nobody else
   * may have it open: libdb first removes the region files that it finds ({@code
   * __env_remove_env}). It cannot be cancelled.
   *
   * @throws LogSequenceException if log files are missing
   * @throws NoSpaceException if the disk is full
   */
  public static void recover(Path home, RecoveryOptions options, RecoveryListener listener) {
    recover(home, options, listener, recovered -> true);
  }

  /**
   * The same, and a look at what has been recovered before it is closed: an open for writing, such
   * as the application's own.
   */
  public static <T> T recover(
      Path home,
      RecoveryOptions options,
      RecoveryListener listener,
      Function<DbEnvironment, T> look) {
    boolean fatal = options.kind() == RecoveryOptions.Kind.CATASTROPHIC;
    // As db_recover does: locks are not needed, nobody else is there.
    int flags =
        privateFlags(Set.of(Subsystem.LOG, Subsystem.MPOOL, Subsystem.TXN))
            | Shim.constant(fatal ? "DB_RECOVER_FATAL" : "DB_RECOVER");
    Optional<Long> until = options.until().map(java.time.Instant::getEpochSecond);
    RecoveryListener told = listener == null ? RecoveryListener.NONE : listener;
    T seen;
    options.slot().ifPresent(slot -> Shim.doubleWriteBegin(FileNames.encode(slot)));
    try (DbEnvironment recovered = open(home, flags, options.environment(), until, told)) {
      seen = look.apply(recovered);
    } finally {
      Shim.doubleWriteEnd();
    }
    options.slot().ifPresent(DbEnvironment::remove);
    return seen;
  }

  private static void remove(Path slot) {
    try {
      Files.deleteIfExists(slot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions of libdb and of the shim. */
  public static LibdbVersion version() {
    int[] v = Shim.versions();
    return new LibdbVersion(
        FileNames.decode(Shim.fullVersion()),
        v[3] + "." + v[4] + "." + v[5],
        v[0] + "." + v[1] + "." + v[2]);
  }

  private static int privateFlags(Set<Subsystem> subsystems) {
    return Shim.constant("DB_CREATE")
        | Shim.constant("DB_PRIVATE")
        | Shim.constant("DB_THREAD")
        | Subsystem.toFlags(subsystems);
  }

  private static DbEnvironment open(
      Path home,
      int flags,
      EnvironmentOptions options,
      Optional<Long> until,
      RecoveryListener listener) {
    Path absolute = home.toAbsolutePath();
    long env = Shim.create();
    try {
      for (String directory : options.dataDirectories()) {
        Shim.addDataDir(env, FileNames.encode(directory));
      }
      if (options.logDirectory().isPresent()) {
        Shim.setLgDir(env, FileNames.encode(options.logDirectory().get()));
      }
      if (options.password().isPresent()) {
        byte[] password = options.password().get();
        Shim.setEncrypt(env, password);
        Arrays.fill(password, (byte) 0);
      }
      if (options.cacheBytes() > 0) {
        Shim.setCacheSize(env, options.cacheBytes());
      }
      if (until.isPresent()) {
        Shim.setTxTimestamp(env, until.get());
      }
      Shim.open(env, FileNames.encode(absolute), flags, listener);
      return new DbEnvironment(new HandleOwner.Own(env), absolute);
    } catch (Throwable failed) {
      // DB_ENV->close frees the handle of a failed open too.
      try {
        Shim.close(env);
      } catch (RuntimeException e) {
        failed.addSuppressed(e);
      }
      throw failed;
    }
  }

  /** The directory, absolute. */
  public Path home() {
    return home;
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
    return call(
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
    return call(
        env -> {
          long[] f = Shim.logStat(env);
          return new LogStatus(new Lsn(f[0], f[1]), new Lsn(f[2], f[3]), f[4], (int) f[5]);
        });
  }

  /** Writes all of the log to disk ({@code DB_ENV->log_flush}). */
  public void flushLog() {
    run(Shim::logFlush);
  }

  /**
   * Takes a checkpoint ({@code DB_ENV->txn_checkpoint}).
   *
   * @param force also if nothing was written since the last one
   */
  public void checkpoint(boolean force) {
    run(env -> Shim.txnCheckpoint(env, force ? Shim.constant("DB_FORCE") : 0));
  }

  /**
   * The transactions that are prepared and neither committed nor aborted ({@code
   * DB_ENV->txn_stat}); recovery restores those that the log has.
   */
  public List<GlobalTransactionId> preparedTransactions() {
    return call(env -> Arrays.stream(Shim.txnPrepared(env)).map(GlobalTransactionId::new).toList());
  }

  /**
   * The files that the cache knows: all that were opened since the regions were made, and more may
   * have been closed.
   */
  public List<CachedFile> cachedFiles() {
    return call(
        env -> {
          List<CachedFile> files = new ArrayList<>();
          for (byte[] file : Shim.mempStat(env)) {
            ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.nativeOrder());
            long pageSize = Integer.toUnsignedLong(in.getInt());
            files.add(
                new CachedFile(
                    FileNames.decode(Arrays.copyOfRange(file, Integer.BYTES, file.length)),
                    pageSize));
          }
          return List.copyOf(files);
        });
  }

  /**
   * The data directories, of the options and of DB_CONFIG, as they were spelled ({@code
   * DB_ENV->get_data_dirs}).
   */
  public List<String> dataDirectories() {
    return call(env -> FileNames.decodeAll(Shim.getDataDirs(env)));
  }

  /**
   * The log directory, of the options or of DB_CONFIG, as it was spelled ({@code
   * DB_ENV->get_lg_dir}).
   */
  public Optional<String> logDirectory() {
    return call(env -> Optional.ofNullable(Shim.getLgDir(env)).map(FileNames::decode));
  }

  /** The metadata directory, of DB_CONFIG, as it was spelled ({@code DB_ENV->get_metadata_dir}). */
  public Optional<String> metadataDirectory() {
    return call(env -> Optional.ofNullable(Shim.getMetadataDir(env)).map(FileNames::decode));
  }

  /**
   * The environment's subsystems ({@code DB_ENV->get_open_flags}): of a joined one those that its
   * creator chose.
   */
  public Set<Subsystem> subsystems() {
    return call(env -> Subsystem.ofFlags(Shim.getOpenFlags(env)));
  }

  /** Whether the environment keeps its log in memory: then there are no log files to copy. */
  public boolean logsInMemory() {
    return call(env -> Shim.logGetConfig(env, Shim.constant("DB_LOG_IN_MEMORY")));
  }

  /** Whether no other process can join it ({@code DB_PRIVATE}). */
  public boolean isPrivate() {
    return call(env -> (Shim.getOpenFlags(env) & Shim.constant("DB_PRIVATE")) != 0);
  }

  /**
   * What tells an environment that we are attached to from any other, for as long as it is open;
   * empty for one that we have opened.
   */
  public Optional<String> attachment() {
    return owner.identity();
  }

  /** Whether the environment is encrypted ({@code DB_ENV->get_encrypt_flags}). */
  public boolean encrypted() {
    return call(env -> (Shim.getEncryptFlags(env) & Shim.constant("DB_ENCRYPT_AES")) != 0);
  }

  /**
   * Whether anybody holds {@code DB_HOTBACKUP_IN_PROGRESS}: it counts holders in the region, and
   * dies with the regions.
   */
  public boolean hotBackupInProgress() {
    return call(env -> (Shim.getFlags(env) & Shim.constant("DB_HOTBACKUP_IN_PROGRESS")) != 0);
  }

  /**
   * Adds a holder: from now on bulk loads are logged whole. Takes a checkpoint if one was going on.
   * The hold outlives this process.
   */
  public void holdHotBackup() {
    run(env -> Shim.setFlags(env, Shim.constant("DB_HOTBACKUP_IN_PROGRESS"), true));
  }

  /** Takes a holder away; fails if there is none. */
  public void releaseHotBackup() {
    run(env -> Shim.setFlags(env, Shim.constant("DB_HOTBACKUP_IN_PROGRESS"), false));
  }

  /** The place of the log's first record; empty if there is none. */
  public Optional<Lsn> firstLsn() {
    return edge("DB_FIRST");
  }

  /** The place of the log's last record; empty if there is none. */
  public Optional<Lsn> lastLsn() {
    return edge("DB_LAST");
  }

  private Optional<Lsn> edge(String position) {
    return call(
        env -> {
          try (LogScan scan = new LogScan(env)) {
            return scan.edge(position);
          }
        });
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
    run(
        env -> {
          Optional<Lsn> last;
          try (LogScan scan = new LogScan(env)) {
            last = scan.edge("DB_LAST");
          }
          Lsn reached;
          try (LogScan scan = new LogScan(env)) {
            reached = scan.visit(from, to, types, visitor);
          }
          // libdb takes a missing log file, and a start that is no record, for the end of the log.
          Lsn wanted =
              !to.isZero() && last.isPresent() && to.compareTo(last.get()) <= 0
                  ? to
                  : last.orElse(Lsn.ZERO);
          boolean nothingThere = !from.isZero() && from.compareTo(wanted) > 0;
          if (reached.compareTo(wanted) < 0 && !nothingThere) {
            throw new LogSequenceException(
                ErrorCodes.valueOf("DB_NOTFOUND"),
                "DB_LOGC->get " + home,
                List.of(
                    reached.isZero()
                        ? "no log record is at LSN " + from
                        : "the log has a hole after LSN "
                            + reached
                            + ", its last record is at "
                            + last.get()));
          }
        });
  }

  /**
   * Copies a database while it is written, page by page in step with the cache ({@code
   * DB_ENV->dbbackup}). One at a time per handle, others wait. A process killed meanwhile leaves
   * libdb's guard set, and the environment's next checkpoint hangs.
   *
   * @param name relative to the home or a data directory, as the application opens it
   * @throws UncheckedIOException if the sink threw an IOException; its other exceptions come as
   *     they are
   * @throws DbException with {@code EBUSY} if another process or handle was copying the same file:
   *     then neither copy is good. libdb tells that in words only, which of an attached environment
   *     go to its owner: he must make no backup of his own meanwhile
   */
  public void backupDatabase(String name, BackupSink sink) {
    byte[] rawName = FileNames.encode(name);
    backup.lock();
    try {
      run(
          env -> {
            List<String> messages;
            try {
              messages = FileNames.decodeAll(Shim.dbbackup(env, rawName, new BackupRelay(sink)));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            if (messages.stream().anyMatch(m -> m.startsWith(ALREADY_IN_A_BACKUP))) {
              throw Failures.of(
                  ErrorCodes.valueOf("EBUSY"),
                  "DB_ENV->dbbackup " + name + " in " + home,
                  messages);
            }
          });
    } finally {
      backup.unlock();
    }
  }

  /**
   * Verifies a database file ({@code DB->verify}), all of its pages. A page whose checksum is wrong
   * panics the environment: after a {@link DatabaseDamagedException} verify the next file in a new
   * one. Nobody may write it meanwhile: for private environments.
   *
   * @param name relative to the home or a data directory
   * @throws DatabaseDamagedException with libdb's messages, if it is not in order
   */
  public void verifyDatabase(String name) {
    refuseAttached();
    byte[] rawName = FileNames.encode(name);
    run(env -> Shim.verify(env, rawName));
  }

  /** What makes handles of its own, of our libdb, is not for a foreign {@code DB_ENV}. */
  void refuseAttached() {
    if (owner.identity().isPresent()) {
      throw new IllegalStateException("the environment " + home + " is the application's");
    }
  }

  /** Makes the environment unusable for everybody until recovery ({@code DB_PANIC_ENVIRONMENT}). */
  public void panic() {
    refuseAttached();
    run(env -> Shim.setFlags(env, Shim.constant("DB_PANIC_ENVIRONMENT"), true));
  }

  /** Whether {@link #close()} was called. */
  public boolean isClosed() {
    return closed.get();
  }

  /**
   * Closes the handle, once; waits for calls in flight. Of an attached environment only the
   * attachment ends. It throws what libdb says, but for {@code DB_RUNRECOVERY}: of a panicked
   * environment the handle is freed all the same.
   *
   * @throws IllegalStateException if called from a sink or visitor of a call on this handle
   */
  @Override
  public void close() {
    if (inUse.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "the environment " + home + " cannot be closed by its own callback");
    }
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    inUse.writeLock().lock();
    try {
      owner.close();
    } catch (RunRecoveryException e) {
      // The call that met the panic has told it.
    } finally {
      inUse.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return "DbEnvironment[" + home + (closed.get() ? ", closed]" : "]");
  }

  private interface Action {
    void on(long env);
  }

  private void run(Action action) {
    call(
        env -> {
          action.on(env);
          return true;
        });
  }

  /** Calls with the handle, which is not closed meanwhile. */
  <T> T call(LongFunction<T> action) {
    inUse.readLock().lock();
    try {
      if (closed.get()) {
        throw new ClosedEnvironmentException(home);
      }
      return owner.lend(action);
    } finally {
      inUse.readLock().unlock();
    }
  }
}
