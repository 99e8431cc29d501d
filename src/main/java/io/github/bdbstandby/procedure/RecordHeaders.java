package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The records of a log file, by their headers, in the order in which they were written.
 *
 * <p>Each record begins with the offset of the one before and its own length, as clear text also in
 * encrypted logs; a length of zero is the end (libdb's {@code HDR} in {@code src/dbinc/log.h}). For
 * one thread.
 */
final class RecordHeaders {
  private static final int LINKS = 8;
  private static final int SMALLEST_RECORD = 12;
  private static final int BUFFER = 256 * 1024;

  /** Longer than a record or two. */
  private static final long SEARCHED = 4 << 20;

  private final FileChannel log;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.nativeOrder());
  private long bufferAt = -1;
  private long previous = -1;
  private long at = -1;
  private long end;

  /**
   * Begins before the first of them.
   *
   * @param from where a record begins or will begin
   */
  RecordHeaders(FileChannel log, long from) throws IOException {
    this.log = log;
    this.size = log.size();
    this.end = from;
  }

  /**
   * Whether there are more behind a place where the headers do not lead on, since one is spoilt:
   * one that points to there, or two of which the second points to the first. What a crash leaves
   * of a record has neither.
   */
  static boolean areBehind(FileChannel log, long from) throws IOException {
    long size = log.size();
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(SEARCHED, Math.max(0, size - from)));
    bytes.order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining() && log.read(bytes, from + bytes.position()) > 0) {}
    bytes.flip();
    for (int at = 1; at + LINKS <= bytes.limit(); at++) {
      long next = at + Integer.toUnsignedLong(bytes.getInt(at + 4));
      if (next < at + SMALLEST_RECORD || from + next > size) {
        continue;
      }
      boolean isPointedTo =
          next + LINKS <= bytes.limit()
              && Integer.toUnsignedLong(bytes.getInt((int) next)) == from + at
              && isWithin(next, bytes.getInt((int) next + 4), size - from);
      if (isPointedTo || Integer.toUnsignedLong(bytes.getInt(at)) == from) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWithin(long at, int length, long size) {
    long next = at + Integer.toUnsignedLong(length);
    return next >= at + SMALLEST_RECORD && next <= size;
  }

  /** Goes to the next record; false at the end. */
  boolean next() throws IOException {
    if (end + LINKS > size || !reach(end, LINKS)) {
      return false;
    }
    int index = (int) (end - bufferAt);
    long before = Integer.toUnsignedLong(buffer.getInt(index));
    long length = Integer.toUnsignedLong(buffer.getInt(index + 4));
    // The first record of a file points into the file before it.
    boolean linked = previous < 0 || before == previous;
    if (length < SMALLEST_RECORD || end + length > size || !linked) {
      return false;
    }
    previous = end;
    at = end;
    end += length;
    return true;
  }

  /** Where this record begins; -1 before the first. */
  long begin() {
    return at;
  }

  /** Where the record after this one begins or will begin. */
  long end() {
    return end;
  }

  /** Where the record before this one begins; in the file before, if this is a file's first. */
  long link() throws IOException {
    return Integer.toUnsignedLong(intAt(0));
  }

  /** Bytes of this record, its header included. */
  long length() {
    return end - at;
  }

  /** Four bytes of this record; 0 if the file has become shorter. */
  int intAt(int offset) throws IOException {
    long place = at + offset;
    return reach(place, Integer.BYTES) ? buffer.getInt((int) (place - bufferAt)) : 0;
  }

  private boolean reach(long place, int bytes) throws IOException {
    if (bufferAt < 0 || place < bufferAt || place + bytes > bufferAt + buffer.limit()) {
      bufferAt = place;
      buffer.clear();
      while (buffer.hasRemaining() && log.read(buffer, place + buffer.position()) > 0) {}
      buffer.flip();
    }
    return buffer.limit() >= bytes;
  }
}
