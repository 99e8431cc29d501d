package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.Alongside;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Copies the source's log files as they grow into a directory of ours, and makes them durable
 * there, before they are applied.
 *
 * <p>A log file is opened when it is first seen, so that its bytes stay readable when the
 * application removes it; until it is complete and copied the descriptor stays open. Log files are
 * append-only but for the tail that a recovery of the source rewrites: whoever applies them
 * compares the overlap.
 *
 * <p>Thread-safe. Reads files only: nothing of the source's regions is touched.
 */
public final class LogShipper implements AutoCloseable {
  /** How often to look while a snapshot copies databases. */
  private static final Duration BACKGROUND = Duration.ofMillis(20);

  /** Copies made durable together. */
  private static final int AT_ONCE = 64;

  private final Path source;
  private final Path incoming;
  private final LogMirror mirror;
  private final UpcomingLog upcoming;
  private final TreeMap<Long, GrowingLog> open = new TreeMap<>();
  private boolean keeping;
  private boolean begun;
  private Thread background;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private IOException failure;
  private long total;

  /** Part of a shipping. */
  private interface Work {
    long bytes() throws IOException;
  }

  /**
   * A shipper that has copied nothing yet.
   *
   * @param source the source's log directory
   * @param incoming where the copies go; made if it is not there
   * @param first the lowest file wanted
   */
  public LogShipper(Path source, Path incoming, long first, CopyProgress progress) {
    this(source, incoming, first, Long.MAX_VALUE, progress);
  }

  /**
   * The same for a log that can't be had as a whole.
   *
   * @param before the first file that is left out, with all that follow it
   */
  public LogShipper(Path source, Path incoming, long first, long before, CopyProgress progress) {
    this.source = source;
    this.incoming = incoming;
    this.upcoming = new UpcomingLog(source, first, before);
    this.mirror = new LogMirror(source, progress);
  }

  /**
   * Takes back nothing of what it has shipped: who lost its power may come back with less.
   *
   * @return this, whose {@link #ship} then throws a {@link LogCutException}
   */
  public synchronized LogShipper keeping() {
    keeping = true;
    return this;
  }

  /** The same, as often as files that the application soon removes have to be caught. */
  void start() {
    start(BACKGROUND);
  }

  /**
   * Goes on shipping on a thread of its own until closed; what goes wrong there is thrown by the
   * next {@link #ship}.
   *
   * @param interval between two looks
   */
  public synchronized void start(Duration interval) {
    background =
        new Thread(
            () -> {
              try {
                do {
                  ship();
                } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
              } catch (InterruptedException | ClosedByInterruptException e) {
                // nobody needs it any more
              } catch (IOException e) {
                fail(e);
              } catch (RuntimeException | Error e) { // memory may be short
                fail(new IOException(FileNames.shown(source) + ": " + e.getMessage(), e));
              }
            },
            "bdb-standby-ship");
    background.setDaemon(true);
    background.start();
  }

  private synchronized void fail(IOException why) {
    failure = failure == null ? why : failure;
  }

  /**
   * Copies what is new and makes it durable.
   *
   * @return the bytes copied
   * @throws LogGapException if a file was removed before it was seen
   */
  public synchronized long ship() throws IOException {
    long copied = shipUnsettled();
    settle();
    return copied;
  }

  /**
   * Copies what is new; it is durable after {@link #settleBeside}.
   *
   * @return the bytes copied
   * @throws LogGapException if a file was removed before it was seen
   */
  public synchronized long shipUnsettled() throws IOException {
    refuseFailed();
    openNew(); // a gap is told before anything is made
    if (!Files.isDirectory(incoming)) {
      DurableFiles.createDirectories(incoming);
    } else if (!begun) {
      orFail(
          () -> {
            LogMirror.settleEarlier(incoming);
            return 0;
          });
    }
    begun = true;
    long copied = orFail(this::copy);
    total += copied;
    return copied;
  }

  private synchronized void settle() throws IOException {
    orFail(
        () -> {
          mirror.settle();
          return 0;
        });
  }

  /**
   * Makes durable what was copied, while it is read here.
   *
   * @param reading ends before anything is taken back that the device has refused
   */
  public void settleBeside(Alongside.Work reading) throws IOException {
    try {
      Alongside.run(this::force, reading);
    } catch (IOException | RuntimeException | Error e) {
      takeBackRefused(e);
      throw e;
    }
  }

  private synchronized void force() throws IOException {
    refuseFailed();
    try {
      mirror.force();
    } catch (IOException e) {
      fail(e);
      throw e;
    }
  }

  private synchronized void takeBackRefused(Throwable why) {
    mirror.takeBackRefused(why);
    if (failure != null) {
      Cleanup.after(why, mirror::discard);
    }
  }

  private void refuseFailed() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** What of the log is shipped, and durable, is not known any more: somebody begins anew. */
  private long orFail(Work work) throws IOException {
    try {
      return work.bytes();
    } catch (IOException | RuntimeException | Error e) {
      if (e instanceof IOException failed) {
        fail(failed);
      }
      Cleanup.after(e, mirror::discard);
      throw e;
    }
  }

  private long copy() throws IOException {
    long copied = 0;
    for (var each : List.copyOf(open.entrySet())) {
      GrowingLog log = each.getValue();
      Path copy = incoming.resolve(LogFile.nameOf(each.getKey()));
      if (open.higherKey(each.getKey()) == null) {
        copied += append(log, copy);
      } else {
        copied += mirror.mend(log.channel(), copy, 0, log.channel().size());
        if (mirror.unsettled() == AT_ONCE) {
          mirror.settle();
          letGoBelow(each.getKey() + 1);
        }
      }
    }
    if (!open.isEmpty()) {
      letGoBelow(open.lastKey());
    }
    return copied;
  }

  /** Files that are complete and copied. */
  private void letGoBelow(long number) throws IOException {
    Map<Long, GrowingLog> done = open.headMap(number);
    for (GrowingLog log : done.values()) {
      log.close();
    }
    done.clear();
  }

  /** The bytes copied so far. */
  public synchronized long total() {
    return total;
  }

  /**
   * By how many bytes the log beside the standby has grown since this was last asked: less than was
   * copied, since a log's end may be copied again until it is settled. What has gone wrong on the
   * thread is thrown here, too.
   */
  public synchronized long takeGrowth() throws IOException {
    refuseFailed();
    return mirror.takeGrowth();
  }

  /** Opens files not seen before. */
  private void openNew() throws IOException {
    Optional<FileChannel> log;
    do {
      long number = upcoming.number();
      log = upcoming.open();
      log.ifPresent(channel -> open.put(number, new GrowingLog(channel)));
    } while (log.isPresent());
  }

  private long append(GrowingLog log, Path copy) throws IOException {
    long nanos = System.nanoTime();
    GrowingLog.Last last = log.last();
    long end = last.end();
    if (keeping && (log.channel().size() < log.settled() || goesOn(copy, end))) {
      throw new LogCutException(copy);
    }
    long copied = log.settled() == end ? 0 : mirror.mend(log.channel(), copy, log.settled(), end);
    log.compared(nanos, last);
    return copied;
  }

  /** Room behind the records is no record: a file may have been shipped at its full size. */
  private static boolean goesOn(Path copy, long end) throws IOException {
    if (!Files.exists(copy) || Files.size(copy) <= end) {
      return false;
    }
    try (FileChannel shipped = RegularFile.open(copy)) {
      return LogEnd.of(shipped, 0) > end;
    }
  }

  /**
   * Reads the unfinished file again from its start: for when libdb finds its copy to end before
   * what the source is known to have written.
   */
  public synchronized void reread() throws IOException {
    refuseFailed();
    for (var each : open.entrySet()) {
      FileChannel log = each.getValue().channel();
      Path copy = incoming.resolve(LogFile.nameOf(each.getKey()));
      mirror.mend(log, copy, 0, LogEnd.of(log, 0));
    }
    mirror.settle();
  }

  /** The log files shipped so far, ascending; the last may end in a part of a record. */
  public List<LogFile> shipped() throws IOException {
    return Files.isDirectory(incoming) ? LogFile.in(incoming) : List.of();
  }

  /** Where the copies are. */
  public Path incoming() {
    return incoming;
  }

  /** Ends the background thread and lets go of the source's files; what was shipped stays. */
  @Override
  public void close() throws IOException {
    stop();
    synchronized (this) {
      Optional<IOException> first = Optional.empty();
      for (GrowingLog log : open.values()) {
        try {
          log.close();
        } catch (IOException e) {
          first.ifPresent(e::addSuppressed);
          first = Optional.of(e);
        }
      }
      open.clear();
      mirror.discard();
      if (first.isPresent()) {
        throw first.get();
      }
    }
  }

  /** Ends what {@link #start} began: from here on only {@link #ship} adds anything. */
  public void stop() {
    stopped.countDown();
    Optional<Thread> thread;
    synchronized (this) {
      thread = Optional.ofNullable(background);
    }
    thread.ifPresent(Alongside::awaitEnd);
  }
}
