package io.github.bdbstandby.standby;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a signal does not cut off: the Java machine ends when it has. The kernel ends a killed
 * process's write in the middle of a page, and nothing could make that page whole.
 */
final class ToItsEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ToItsEnd.class);
  private static final ReadWriteLock WORK = new ReentrantReadWriteLock();

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> WORK.writeLock().lock(), "bdb-standby-to-its-end"));
    } catch (IllegalStateException e) {
      LOG.debug("begun while the Java machine ends", e);
    }
  }

  private ToItsEnd() {}

  /** Does it, on this thread; while the Java machine ends, none is begun any more. */
  static void run(Runnable work) {
    WORK.readLock().lock();
    try {
      work.run();
    } finally {
      WORK.readLock().unlock();
    }
  }
}
