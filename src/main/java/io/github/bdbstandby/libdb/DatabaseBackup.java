package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** libdb's own copies of databases by a handle, one at a time. Thread-safe. */
final class DatabaseBackup {

  /** The number of the message with which {@code __memp_backup_open} goes on. */
  private static final String ALREADY_IN_A_BACKUP = "BDB0712";

  /** One at a time: libdb's hooks belong to the handle, and others may have attached to it too. */
  private static final ReentrantLock BORROWED = new ReentrantLock();

  private final Handle handle;
  private final ReentrantLock one;

  DatabaseBackup(Handle handle) {
    this.handle = handle;
    this.one = handle.identity().isPresent() ? BORROWED : new ReentrantLock();
  }

  /** See {@link DbEnvironment#backupDatabase}. */
  void copy(String name, BackupSink sink) {
    byte[] rawName = FileNames.encode(name);
    one.lock();
    try {
      handle.run(env -> copy(env, name, rawName, sink));
    } finally {
      one.unlock();
    }
  }

  private void copy(long env, String name, byte[] rawName, BackupSink sink) {
    List<String> messages;
    try {
      messages = FileNames.decodeAll(Shim.dbbackup(env, rawName, new BackupRelay(sink)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (messages.stream().anyMatch(m -> m.startsWith(ALREADY_IN_A_BACKUP))) {
      throw Failures.of(
          ErrorCodes.valueOf("EBUSY"),
          "DB_ENV->dbbackup " + name + " in " + FileNames.shown(handle.home()),
          messages);
    }
  }
}
