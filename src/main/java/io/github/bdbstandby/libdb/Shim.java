package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The native methods: one per libdb call, registered by the shim when it is loaded. Pointers are
 * not checked here; {@link DbEnvironment} owns them and keeps the rules. Names cross as the file
 * system's bytes ({@link FileNames}).
 */
final class Shim {

  static {
    NativeLibrary.load();
  }

  private Shim() {}

  /** The value of a constant of {@code db.h} or {@code errno.h}. */
  static int constant(String name) {
    return constant(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static native int constant(byte[] name);

  /**
   * Major, minor and patch of the headers that the shim was built with, then of the library loaded.
   */
  static native int[] versions();

  static native byte[] fullVersion();

  static native byte[] strerror(int code);

  static native long create();

  static native void close(long env);

  /**
   * Major, minor and patch of the library that a foreign {@code DB_ENV} belongs to; zeros if it
   * does not tell, null if there is no {@code DB_ENV}. Follows no pointer that is not one.
   */
  static native int[] versionOf(long env);

  static native byte[] getHome(long env);

  static native void open(long env, byte[] home, int flags, RecoveryListener listener);

  static native void addDataDir(long env, byte[] directory);

  static native void setLgDir(long env, byte[] directory);

  static native void setEncrypt(long env, byte[] password);

  static native void setCacheSize(long env, long bytes);

  static native void setTxTimestamp(long env, long seconds);

  static native byte[][] getDataDirs(long env);

  static native byte[] getLgDir(long env);

  static native byte[] getMetadataDir(long env);

  static native int getOpenFlags(long env);

  static native int getEncryptFlags(long env);

  static native int getFlags(long env);

  static native void setFlags(long env, int flags, boolean on);

  static native boolean logGetConfig(long env, int which);

  static native byte[][] logArchive(long env, int flags);

  /** Current file and offset, file and offset known on disk, file size, log version. */
  static native long[] logStat(long env);

  /** Per file its page size (four bytes, native order) and then its name. */
  static native byte[][] mempStat(long env);

  static native void logFlush(long env);

  static native void txnCheckpoint(long env, int flags);

  /** The global ids of the prepared transactions, each as long as libdb keeps them. */
  static native byte[][] txnPrepared(long env);

  static native long logCursor(long env);

  static native void logCursorClose(long env, long cursor);

  /** One batch; its form is described in {@code native/logscan.c} and read by {@link LogScan}. */
  static native byte[] logRecords(
      long env,
      long cursor,
      int position,
      long from,
      long to,
      int[] types,
      int mostBytes,
      int mostRecords);

  /** Returns libdb's messages, for some of its errors come with success. */
  static native byte[][] dbbackup(long env, byte[] name, BackupRelay sink) throws IOException;

  /** The names of the databases in a file; null if it is a single one without a name. */
  static native byte[][] databaseNames(long env, byte[] file);

  /** Of a database in a file, or of the file's only one if its name is null. */
  static native long countRecords(long env, byte[] file, byte[] database);

  /** Page writes of this thread go through the slot from here on. */
  static native void doubleWriteBegin(byte[] path);

  static native void doubleWriteEnd();

  /** Extents of queues that this thread's recovery looks for in vain are made from here on. */
  static native void extentsBegin();

  /** Removes those that have stayed empty. */
  static native void extentsEnd();

  /**
   * Tells of what this thread's recovery writes from here on.
   *
   * @param changed where the bytes come, for the time of a call
   */
  static native void pageWritesBegin(PageWrites writes, byte[] changed);

  static native void pageWritesEnd();

  static native void verify(long env, byte[] name, int flags);
}
