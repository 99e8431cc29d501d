package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Where the records of a log file end. Its size does not tell: libdb extends a log file to its full
 * size with the first write.
 *
 * <p>Each record begins with the offset of the one before and its own length, as clear text also in
 * encrypted logs; a length of zero is the end (libdb's {@code HDR} in {@code src/dbinc/log.h}). The
 * last records may still be half written: only libdb's checksums can tell.
 */
public final class LogEnd {
  private static final int HEADER = 8;
  private static final int SMALLEST_RECORD = 12;
  private static final int BUFFER = 256 * 1024;

  private LogEnd() {}

  /**
   * Walks the records.
   *
   * @param from where a record begins or will begin
   * @return where the next record will go
   */
  public static long of(FileChannel log, long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.nativeOrder());
    long size = log.size();
    long bufferAt = -1;
    long at = from;
    long previous = -1;
    while (at + HEADER <= size) {
      if (bufferAt < 0 || at < bufferAt || at + HEADER > bufferAt + buffer.limit()) {
        bufferAt = at;
        fill(log, buffer, at);
        if (buffer.limit() < HEADER) {
          return at;
        }
      }
      int index = (int) (at - bufferAt);
      long before = Integer.toUnsignedLong(buffer.getInt(index));
      long length = Integer.toUnsignedLong(buffer.getInt(index + 4));
      // The first record of a file points into the file before it.
      boolean linked = previous < 0 || before == previous;
      if (length < SMALLEST_RECORD || at + length > size || !linked) {
        return at;
      }
      previous = at;
      at += length;
    }
    return at;
  }

  private static void fill(FileChannel log, ByteBuffer buffer, long at) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining() && log.read(buffer, at + buffer.position()) > 0) {}
    buffer.flip();
  }
}
