package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the bytes of one database ({@code DB_ENV->set_backup_callbacks}). Called by the thread that
 * copies. For each name: open, writes in order, close. A queue's extents come as further names. Any
 * exception ends the copy, and is rethrown to the caller once libdb has taken its guard down.
 *
 * <p>While a write runs, libdb holds back the application's writes to the same pages: a sink must
 * not wait for the application.
 */
public interface BackupSink {

  /** A file begins. */
  void open(String name) throws IOException;

  /**
   * The file's next bytes.
   *
   * @param offset in bytes; each write begins where the last one ended, but for a heap database,
   *     which may skip pages
   * @param bytes direct and read-only, valid only during the call
   */
  void write(String name, long offset, ByteBuffer bytes) throws IOException;

  /**
   * No more comes for this name: called once for each open that returned, after a failure too. That
   * the copy is whole is known when {@link DbEnvironment#backupDatabase} returns.
   */
  void close(String name) throws IOException;
}
