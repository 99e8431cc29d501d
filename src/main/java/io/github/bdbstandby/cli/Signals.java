package io.github.bdbstandby.cli;

import java.util.concurrent.TimeUnit;

/**
 * On SIGINT and SIGTERM interrupts the thread that works and gives it a moment to clean up; the JVM
 * then ends with 130 or 143 by itself. What can't be interrupted (recovery inside libdb) is
 * abandoned, but in a home that is no standby: the standby recovers from that as from any crash.
 */
final class Signals {
  private final Thread worker;
  private final long graceMillis;
  private volatile boolean finished;

  private Signals(Thread worker, long graceMillis) {
    this.worker = worker;
    this.graceMillis = graceMillis;
  }

  static Signals interrupting(Thread worker, long grace, TimeUnit unit) {
    Signals signals = new Signals(worker, unit.toMillis(grace));
    Runtime.getRuntime().addShutdownHook(new Thread(signals::stop, "bdb-standby-stop"));
    return signals;
  }

  /** The work is done: what comes now is an ordinary exit. */
  void finished() {
    finished = true;
  }

  private void stop() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
    if (!finished) {
      worker.interrupt();
    }
    while (!finished && worker.isAlive() && System.nanoTime() < end) {
      try {
        worker.join(10);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
