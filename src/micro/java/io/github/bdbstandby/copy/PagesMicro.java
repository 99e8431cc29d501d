package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a copier does to each page besides moving it, for a gigabyte of pages. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PagesMicro {
  private static final long GIGABYTE = 1_000_000_000;

  /** More than a processor keeps to itself, so that the pages come from memory. */
  private static final int BUFFER = 64 << 20;

  private static final Lsn FLUSHED = new Lsn(9, 0);

  @Param({"4096", "16384"})
  public int pageSize;

  private ByteBuffer pages;

  @Setup
  public void fill() {
    pages = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    for (int page = 0; page < BUFFER / pageSize; page++) {
      pages.putInt(page * pageSize, 1);
      pages.putInt(page * pageSize + 4, page);
      pages.putInt(page * pageSize + 8, page);
    }
  }

  @Benchmark
  public long audit() {
    long good = 0;
    for (long done = 0; done < GIGABYTE; done += BUFFER) {
      PageFormat format =
          new PageFormat(PageFormat.Type.BTREE, pageSize, ByteOrder.LITTLE_ENDIAN, "", 0);
      PageAudit audit = PageAudit.ofDatabase(format, () -> FLUSHED);
      int bytes = (int) Math.min(BUFFER, GIGABYTE - done);
      for (int page = 0; page < bytes / pageSize; page++) {
        Optional<String> wrong = audit.check(pages, page * pageSize, page);
        if (wrong.isPresent()) {
          throw new IllegalStateException(wrong.get());
        }
        good++;
      }
    }
    return good;
  }

  @Benchmark
  public long crc32c() {
    CRC32C crc = new CRC32C();
    for (long done = 0; done < GIGABYTE; done += BUFFER) {
      crc.update(pages.slice(0, (int) Math.min(BUFFER, GIGABYTE - done)));
    }
    return crc.getValue();
  }
}
