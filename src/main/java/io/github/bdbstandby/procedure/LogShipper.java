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
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

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
  private static final long BACKGROUND_MILLIS = 20;

  private final Path source;
  private final Path incoming;
  private final CopyProgress progress;
  private final TreeMap<Long, Log> open = new TreeMap<>();
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer other = ByteBuffer.allocateDirect(CHUNK);
  private long next;
  private Thread background;
  private volatile boolean closing;
  private long growth;
  private IOException failure;

  /** A source's log file that is not complete, or not completely copied. */
  private static final class Log {
    private final FileChannel from;

    /** Where its records ended when we last looked. */
    private long end;

    /** The same one look earlier: what lies before was written long enough ago to be whole. */
    private long settled;

    /** What lies before was copied by somebody at some time. */
    private long known;

    Log(FileChannel from, long known) {
      this.from = from;
      this.known = known;
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

  /**
   * Goes on shipping on a thread of its own until stopped or closed, so that files which the
   * application soon removes are caught; what goes wrong there is thrown by the next {@link #ship}.
   */
  public synchronized void start() {
    closing = false;
    background =
        new Thread(
            () -> {
              while (!closing) {
                try {
                  ship();
                  Thread.sleep(BACKGROUND_MILLIS);
                } catch (InterruptedException | ClosedByInterruptException e) {
                  return;
                } catch (IOException e) {
                  synchronized (this) {
                    failure = e;
                  }
                  return;
                }
              }
            },
            "bdb-standby-ship");
    background.setDaemon(true);
    background.start();
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
        copied += mend(log.from, copy, log.from.size());
        grow(log, log.from.size());
        log.from.close();
        open.remove(each.getKey());
      } else {
        copied += append(log, copy);
      }
    }
    return copied;
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
      Path copy = incoming.resolve(log.path().getFileName());
      open.put(log.number(), new Log(channel, Files.exists(copy) ? Files.size(copy) : 0));
      next++;
    }
  }

  private long append(Log log, Path copy) throws IOException {
    long end = LogEnd.of(log.from, log.settled);
    if (end == log.end && end == log.settled) {
      return 0;
    }
    boolean isNew = !Files.exists(copy);
    long copied = 0;
    try (FileChannel to = writable(copy)) {
      for (long at = log.settled; at < end; at += chunk.limit()) {
        read(log.from, chunk, at, end);
        copied += write(to, chunk, at);
      }
      if (to.size() > end) {
        to.truncate(end); // the source has taken records back
      }
      to.force(true);
    }
    log.settled = log.end;
    log.end = end;
    grow(log, end);
    if (isNew) {
      DurableFiles.syncDirectory(incoming);
    }
    progress.copied(copied);
    return copied;
  }

  private void grow(Log log, long end) {
    growth += Math.max(0, end - log.known);
    log.known = Math.max(log.known, end);
  }

  /**
   * By how many bytes the log beside the standby has grown since this was last asked: less than was
   * copied, since a log's end is copied again until it is settled.
   */
  public synchronized long takeGrowth() {
    long grown = growth;
    growth = 0;
    return grown;
  }

  /** Makes a copy equal to its original up to a length, writing only where they differ. */
  private long mend(FileChannel from, Path copy, long length) throws IOException {
    boolean isNew = !Files.exists(copy);
    long copied = 0;
    try (FileChannel to = writable(copy)) {
      for (long at = 0; at < length; at += chunk.limit()) {
        read(from, chunk, at, length);
        read(to, other, at, length);
        if (chunk.mismatch(other) >= 0) {
          copied += write(to, chunk, at);
        }
        if (chunk.limit() == 0) {
          break;
        }
      }
      if (to.size() > length) {
        to.truncate(length);
      }
      to.force(true);
    }
    if (isNew) {
      DurableFiles.syncDirectory(incoming);
    }
    progress.copied(copied);
    return copied;
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

  private static long write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      to.write(rest, at + rest.position());
    }
    return bytes.limit();
  }

  /**
   * Reads the unfinished file again from its start: for when libdb finds its copy to end before
   * what the source is known to have written.
   */
  public synchronized void reread() throws IOException {
    for (var each : open.entrySet()) {
      Log log = each.getValue();
      log.end = LogEnd.of(log.from, 0);
      log.settled = log.end;
      mend(log.from, incoming.resolve(LogFile.nameOf(each.getKey())), log.end);
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
    closing = true;
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
