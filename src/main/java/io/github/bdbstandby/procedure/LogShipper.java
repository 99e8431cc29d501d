package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
  private static final int CHUNK = 1 << 20;

  /** How long a record may take to be written as a whole. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  /** How often to look while a snapshot copies databases. */
  private static final Duration BACKGROUND = Duration.ofMillis(20);

  private final Path source;
  private final Path incoming;
  private final CopyProgress progress;
  private final TreeMap<Long, Log> open = new TreeMap<>();
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer other = ByteBuffer.allocateDirect(CHUNK);
  private long next;
  private Thread background;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long growth;
  private IOException failure;
  private long total;

  /** A source's log file that is not complete, or not completely copied. */
  private static final class Log {
    private final FileChannel from;
    private final Deque<Sighting> sightings = new ArrayDeque<>();

    /** Nothing before this will change. */
    private long settled;

    /** Where records ended, by their headers, at some time. */
    private record Sighting(long nanos, long end) {}

    Log(FileChannel from) {
      this.from = from;
    }

    /**
     * Says that all before was compared. What was seen long enough before that is whole: a header
     * shows before its record's body does, and who writes it may be kept waiting in between.
     *
     * @param nanos when comparing began
     */
    void compared(long nanos, long end) {
      sightings.add(new Sighting(nanos, end));
      while (sightings.element().nanos() <= nanos - SETTLED.toNanos()) {
        settled = sightings.remove().end();
      }
    }
  }

  /**
   * A shipper that has copied nothing yet.
   *
   * @param source the source's log directory
   * @param incoming where the copies go; made if it is not there
   * @param first the lowest file wanted
   */
  public LogShipper(Path source, Path incoming, long first, CopyProgress progress) {
    this.source = source;
    this.incoming = incoming;
    this.next = first;
    this.progress = progress;
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
              } catch (RuntimeException e) {
                fail(new IOException(source + ": " + e.getMessage(), e));
              }
            },
            "bdb-standby-ship");
    background.setDaemon(true);
    background.start();
  }

  private synchronized void fail(IOException why) {
    failure = why;
  }

  /**
   * Copies what is new and makes it durable.
   *
   * @return the bytes copied
   * @throws LogGapException if a file was removed before it was seen
   */
  public synchronized long ship() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (!Files.isDirectory(incoming)) {
      DurableFiles.createDirectories(incoming);
    }
    openNew();
    long copied = 0;
    for (var each : List.copyOf(open.entrySet())) {
      boolean complete = open.higherKey(each.getKey()) != null;
      Path copy = incoming.resolve(LogFile.nameOf(each.getKey()));
      Log log = each.getValue();
      if (complete) {
        copied += mend(log.from, copy, 0, log.from.size());

        log.from.close();
        open.remove(each.getKey());
      } else {
        copied += append(log, copy);
      }
    }
    total += copied;
    return copied;
  }

  /** The bytes copied so far. */
  public synchronized long total() {
    return total;
  }

  /** Opens files not seen before; a file with no bytes yet waits for the next time. */
  private void openNew() throws IOException {
    for (LogFile log : LogFile.in(source)) {
      if (log.number() < next) {
        continue;
      }
      if (log.number() > next) {
        throw new LogGapException(
            source.resolve(LogFile.nameOf(next)), "needed, and removed before it could be read");
      }
      FileChannel channel;
      try {
        channel = FileChannel.open(log.path(), StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        LogGapException gap =
            new LogGapException(log.path(), "needed, and removed before it could be read");
        gap.initCause(e);
        throw gap;
      }
      if (channel.size() == 0) {
        channel.close();
        return;
      }
      open.put(log.number(), new Log(channel));
      next++;
    }
  }

  private long append(Log log, Path copy) throws IOException {
    long nanos = System.nanoTime();
    long end = LogEnd.of(log.from, log.settled);
    long copied = log.settled == end ? 0 : mend(log.from, copy, log.settled, end);
    log.compared(nanos, end);
    return copied;
  }

  /**
   * By how many bytes the log beside the standby has grown since this was last asked: less than was
   * copied, since a log's end may be copied again until it is settled.
   */
  public synchronized long takeGrowth() {
    long grown = growth;
    growth = 0;
    return grown;
  }

  /**
   * Makes a copy equal to its original, writing only where they differ.
   *
   * @param begin up to where they are known to be equal
   * @param end where the copy is to end
   * @return the bytes written
   */
  private long mend(FileChannel from, Path copy, long begin, long end) throws IOException {
    boolean isNew = !Files.exists(copy);
    long written = 0;
    try (FileChannel to = writable(copy)) {
      long size = to.size();
      for (long at = begin; at < end; at += chunk.limit()) {
        read(from, chunk, at, end);
        read(to, other, at, end);
        int differs = chunk.mismatch(other);
        if (differs >= 0) {
          written += write(to, chunk.position(differs), at);
        }
        if (chunk.limit() == 0) {
          break;
        }
      }
      if (size > end) {
        to.truncate(end); // the source has taken records back
      }
      if (written > 0 || size > end) {
        to.force(true);
      }
      growth += Math.max(0, end - size);
    }
    if (isNew) {
      DurableFiles.syncDirectory(incoming);
    }
    progress.copied(written);
    return written;
  }

  private static FileChannel writable(Path copy) throws IOException {
    return FileChannel.open(
        copy, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void read(FileChannel from, ByteBuffer into, long at, long end)
      throws IOException {
    into.clear().limit((int) Math.min(CHUNK, end - at));
    while (into.hasRemaining() && from.read(into, at + into.position()) > 0) {}
    into.flip();
  }

  /** Writes what remains of bytes whose first belongs at a place. */
  private static long write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    int from = bytes.position();
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      to.write(rest, at + rest.position());
    }
    return bytes.limit() - (long) from;
  }

  /**
   * Reads the unfinished file again from its start: for when libdb finds its copy to end before
   * what the source is known to have written.
   */
  public synchronized void reread() throws IOException {
    for (var each : open.entrySet()) {
      Log log = each.getValue();
      Path copy = incoming.resolve(LogFile.nameOf(each.getKey()));
      mend(log.from, copy, 0, LogEnd.of(log.from, 0));
    }
  }

  /** The log files shipped so far, ascending; the last may end in a part of a record. */
  public List<LogFile> shipped() throws IOException {
    return Files.isDirectory(incoming) ? LogFile.in(incoming) : List.of();
  }

  public Path incoming() {
    return incoming;
  }

  /** Ends the background thread and lets go of the source's files; what was shipped stays. */
  @Override
  public void close() throws IOException {
    stop();
    synchronized (this) {
      for (Log log : open.values()) {
        log.from.close();
      }
      open.clear();
    }
  }

  /** Ends what {@link #start} began: from here on only {@link #ship} adds anything. */
  public void stop() {
    stopped.countDown();
    Optional<Thread> thread;
    synchronized (this) {
      thread = Optional.ofNullable(background);
    }
    if (thread.isPresent()) {
      boolean interrupted = false;
      while (thread.get().isAlive()) {
        try {
          thread.get().join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
