package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Where the records of a log file end. Its size does not tell: libdb gives a new log file its full
 * length at once.
 *
 * <p>Layout: libdb's {@code src/dbinc/log.h}, {@code HDR}: each record begins with the offset of
 * the one before it and its own length, in clear text also where the log is encrypted.
 */
final class LogTail {
  private static final int HEADER_BYTES = 8;
  private static final int SMALLEST_RECORD = 12;

  private LogTail() {}

  /** Follows the records to the last one; what was never written is zeros. */
  static Lsn end(LogFile log) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(log.path(), StandardOpenOption.READ)) {
      long size = channel.size();
      long before = 0;
      long at = 0;
      while (at + SMALLEST_RECORD <= size) {
        header.clear();
        while (header.hasRemaining() && channel.read(header, at + header.position()) > 0) {}
        if (header.hasRemaining()) {
          break;
        }
        long previous = Integer.toUnsignedLong(header.getInt(0));
        long length = Integer.toUnsignedLong(header.getInt(4));
        if (length < SMALLEST_RECORD || at + length > size || (at > 0 && previous != before)) {
          break;
        }
        before = at;
        at += length;
      }
      return new Lsn(log.number(), at);
    }
  }
}
