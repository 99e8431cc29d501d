package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.OperationCancelledException;
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
  private static boolean tooLate;

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> WORK.writeLock().lock(), "bdb-standby-to-its-end"));
    } catch (IllegalStateException e) {
      LOG.debug("the Java machine ends already", e);
      tooLate = true;
    }
  }

  private ToItsEnd() {}

  /** Does it, on this thread; while the Java machine ends, none is begun any more. */
  static void run(Runnable work) {
    if (tooLate) {
      throw new OperationCancelledException("a Java machine that ends");
    }
    WORK.readLock().lock();
    try {
      work.run();
    } finally {
      WORK.readLock().unlock();
    }
  }
}
