package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Stands between libdb's backup callbacks and a sink.
 *
 * <p>It also mends a fault of libdb 5.3.28: where the file on disk is shorter than the cache says,
 * {@code __memp_backup_mpf} reads short, then goes on one page further ({@code high_pgno = pgno +
 * nr / pagesize}) but writes without a gap. If the file has grown between the two reads, what comes
 * is one page too low. Such bytes lie past the end of the file as it was, and recovery makes those
 * pages anew: they are left out.
 */
final class BackupRelay {

  /**
   * {@code DB_BACKUP_SIZE} is left as it is: writes are of one megabyte, and shorter at the end.
   */
  private static final long DEFAULT_BACKUP_SIZE = 1L << 20;

  private static final int PAGE_NUMBER_AT = 8;
  private static final int PAGE_SIZE_AT = 20;
  private static final int SMALLEST_PAGE = 512;

  private final BackupSink sink;
  private String name;
  private long end;
  private long pageSize;
  private boolean shortRead;
  private boolean pastEnd;

  BackupRelay(BackupSink sink) {
    this.sink = sink;
  }

  void open(byte[] rawName) throws IOException {
    String given = FileNames.decode(rawName);
    // So libdb spells the extents of a queue that has no directory in its name (QAM_EXNAME).
    name = given.startsWith("./") ? given.substring(2) : given;
    end = 0;
    shortRead = false;
    pastEnd = false;
    sink.open(name);
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    int size = bytes.remaining();
    if (offset == 0) {
      pageSize = pageSizeIn(bytes);
    }
    if (offset != end) {
      pastEnd = false; // a heap's next region
    } else if (shortRead && !isAt(offset, bytes)) {
      pastEnd = true;
    }
    shortRead = size < DEFAULT_BACKUP_SIZE;
    end = offset + size;
    if (!pastEnd) {
      sink.write(name, offset, bytes.asReadOnlyBuffer());
    }
  }

  void close() throws IOException {
    sink.close(name);
  }

  private static long pageSizeIn(ByteBuffer bytes) {
    if (bytes.remaining() < SMALLEST_PAGE) {
      return 0;
    }
    ByteBuffer page = bytes.duplicate().order(ByteOrder.nativeOrder());
    int size = page.getInt(PAGE_SIZE_AT);
    int plausible = Integer.bitCount(size) == 1 ? size : Integer.reverseBytes(size);
    return Integer.toUnsignedLong(plausible);
  }

  /** Whether the page's own number says that it belongs at this offset. */
  private boolean isAt(long offset, ByteBuffer bytes) {
    if (pageSize == 0 || bytes.remaining() < SMALLEST_PAGE) {
      return false;
    }
    int number = bytes.duplicate().order(ByteOrder.nativeOrder()).getInt(PAGE_NUMBER_AT);
    long expected = offset / pageSize;
    return Integer.toUnsignedLong(number) == expected
        || Integer.toUnsignedLong(Integer.reverseBytes(number)) == expected;
  }
}
