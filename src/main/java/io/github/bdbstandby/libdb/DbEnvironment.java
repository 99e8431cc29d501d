package io.github.bdbstandby.libdb;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * An open environment ({@code DB_ENV}): how it comes to be open, and what is done to it. Safe for
 * many threads. Every method may throw {@link DbException} with what libdb said, and {@link
 * ClosedEnvironmentException} once {@link #close()} was called.
 */
public final class DbEnvironment extends EnvironmentView implements AutoCloseable {

  private final DatabaseBackup backup;

  DbEnvironment(Handle handle) {
    super(handle);
    this.backup = new DatabaseBackup(handle);
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
    return new DbEnvironment(
        Opening.attached(Attachment.of(Objects.requireNonNull(environment, "environment"))));
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
    return new DbEnvironment(Opening.attached(Attachment.of(pointer)));
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
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(options, "options");
    return new DbEnvironment(Opening.joined(home, options));
  }

  /**
   * Opens a private environment over a directory ({@code DB_CREATE|DB_PRIVATE|DB_THREAD}), without
   * recovery. It leaves no files of its own. With {@link Subsystem#TXN} libdb appends a record to
   * the log ({@code __txn_reset}); without, nothing in the directory changes. But where there is no
   * log file yet, closing with {@link Subsystem#LOG} leaves an empty first one ({@code
   * __log_env_refresh}).
   *
   * @throws RegionsPresentException if there are region files, but for who only reads the log
   *     ({@link Subsystem#LOG} alone): that is as good in use, or left by a process that died
   */
  public static DbEnvironment openPrivate(
      Path home, Set<Subsystem> subsystems, EnvironmentOptions options) {
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(subsystems, "subsystems");
    Objects.requireNonNull(options, "options");
    if (!subsystems.equals(Set.of(Subsystem.LOG)) && hasRegionFiles(home)) {
      throw new RegionsPresentException(home);
    }
    return new DbEnvironment(Opening.ofOurOwn(home, subsystems, options));
  }

  /**
   * Whether region files ({@code __db.001} and so on) are in the directory; false if it does not
   * exist.
   */
  public static boolean hasRegionFiles(Path home) {
    Objects.requireNonNull(home, "home");
    return RegionFiles.areIn(home);
  }

  /**
   * Runs recovery on a directory, in a private environment that is closed afterwards. Nobody else
   * may have it open: libdb first removes the region files that it finds ({@code
   * __env_remove_env}). It cannot be cancelled.
   *
   * @throws IllegalStateException from the listener of another recovery, on its thread
   * @throws LogSequenceException if log files are missing
   * @throws NoSpaceException if the disk is full
   */
  public static void recover(Path home, RecoveryOptions options, RecoveryListener listener) {
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
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
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(look, "look");
    return Recovery.run(home, options, listener, look);
  }

  /** The versions of libdb and of the shim. */
  public static LibdbVersion version() {
    int[] v = Shim.versions();
    return new LibdbVersion(
        FileNames.decode(Shim.fullVersion()),
        v[3] + "." + v[4] + "." + v[5],
        v[0] + "." + v[1] + "." + v[2]);
  }

  /** Writes all of the log to disk ({@code DB_ENV->log_flush}). */
  public void flushLog() {
    handle.run(Shim::logFlush);
  }

  /**
   * Takes a checkpoint ({@code DB_ENV->txn_checkpoint}).
   *
   * @param force also if nothing was written since the last one
   */
  public void checkpoint(boolean force) {
    handle.run(env -> Shim.txnCheckpoint(env, force ? Shim.constant("DB_FORCE") : 0));
  }

  /**
   * Adds a holder: from now on bulk loads are logged whole. Takes a checkpoint if one was going on.
   * The hold outlives this process.
   */
  public void holdHotBackup() {
    handle.run(env -> Shim.setFlags(env, Shim.constant("DB_HOTBACKUP_IN_PROGRESS"), true));
  }

  /** Takes a holder away; fails if there is none. */
  public void releaseHotBackup() {
    handle.run(env -> Shim.setFlags(env, Shim.constant("DB_HOTBACKUP_IN_PROGRESS"), false));
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
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sink, "sink");
    backup.copy(name, sink);
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
    verify(name, 0);
  }

  /**
   * The same but for the order of keys and duplicates, and hashes of keys, which an application may
   * compute by functions of its own ({@code DB_NOORDERCHK}).
   *
   * @param name relative to the home or a data directory
   * @throws DatabaseDamagedException with libdb's messages, if anything else is not in order
   */
  public void verifyAllButOrder(String name) {
    verify(name, Shim.constant("DB_NOORDERCHK"));
  }

  private void verify(String name, int flags) {
    Objects.requireNonNull(name, "name");
    handle.refuseAttached();
    byte[] rawName = FileNames.encode(name);
    handle.run(env -> Shim.verify(env, rawName, flags));
  }

  /** Makes the environment unusable for everybody until recovery ({@code DB_PANIC_ENVIRONMENT}). */
  public void panic() {
    handle.refuseAttached();
    handle.run(env -> Shim.setFlags(env, Shim.constant("DB_PANIC_ENVIRONMENT"), true));
  }

  /**
   * Closes the handle, once; waits for calls in flight, and for another closing. Of an attached
   * environment only the attachment ends. It throws what libdb says, but for {@code
   * DB_RUNRECOVERY}: of a panicked environment the handle is freed all the same.
   *
   * @throws IllegalStateException if called from a sink or visitor of a call on this handle
   */
  @Override
  public void close() {
    handle.close();
  }
}
