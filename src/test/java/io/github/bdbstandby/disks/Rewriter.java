package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An application that writes whole pages in place, again and again, as libdb does. The same stamp
 * is in each 512 bytes of a page, so that one that was read while half written shows two.
 */
final class Rewriter implements AutoCloseable {
  /** Of a B-tree, in its first page. */
  private static final int MAGIC = 0x053162;

  private static final int FILE_BYTES = 2 << 20;
  private static final int SECTOR = 512;
  private static final int LEAST_ROUNDS = 10;

  /** In the first sector: the place of an LSN's second half. */
  private static final int STAMP = 4;

  private final int pageSize;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicReference<IOException> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile long rounds;

  Rewriter(Path file, int pageSize) throws IOException {
    this.pageSize = pageSize;
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int number = 0; number < pages(); number++) {
      stamp(bytes.slice(number * pageSize, pageSize), number, 1);
    }
    bytes.putInt(12, MAGIC).putInt(20, pageSize);
    Files.write(file, bytes.array());
    thread = new Thread(() -> write(file), "rewriter");
    thread.setDaemon(true);
    thread.start();
  }

  int pages() {
    return FILE_BYTES / pageSize;
  }

  private static void stamp(ByteBuffer page, int number, int stamp) {
    page.order(ByteOrder.LITTLE_ENDIAN).putInt(0, 1).putInt(STAMP, stamp).putInt(8, number);
    for (int at = SECTOR; at < page.capacity(); at += SECTOR) {
      page.putInt(at, stamp);
    }
  }

  /** Pages with more than one stamp. */
  int torn(ByteBuffer file) {
    int torn = 0;
    for (int number = 1; number < pages(); number++) {
      ByteBuffer page = file.slice(number * pageSize, pageSize).order(ByteOrder.LITTLE_ENDIAN);
      int stamp = page.getInt(STAMP);
      for (int at = SECTOR; at < pageSize; at += SECTOR) {
        if (page.getInt(at) != stamp) {
          torn++;
          break;
        }
      }
    }
    return torn;
  }

  private void write(Path file) {
    ByteBuffer page = ByteBuffer.allocateDirect(pageSize);
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int stamp = 2; !closing.get(); stamp++) {
        for (int number = 1; number < pages(); number++) {
          stamp(page, number, stamp);
          out.write(page.clear(), (long) number * pageSize);
        }
        rounds = stamp;
      }
    } catch (IOException e) {
      failure.set(e);
    }
  }

  /** Whether it has written all pages some times; fails if it can't. */
  boolean isAtWork() {
    assertThat(failure.get()).isNull();
    return rounds > LEAST_ROUNDS;
  }

  @Override
  public void close() throws InterruptedException {
    closing.set(true);
    thread.join();
  }
}
