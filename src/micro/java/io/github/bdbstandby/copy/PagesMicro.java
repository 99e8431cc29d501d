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

  /** Pages as libdb writes them. */
  @State(Scope.Thread)
  public static class Pages {
    @Param({"4096", "16384"})
    public int size;

    private final ByteBuffer bytes =
        ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    @Setup
    public void fill() {
      for (int page = 0; page < BUFFER / size; page++) {
        bytes.putInt(page * size, 1);
        bytes.putInt(page * size + 4, page);
        bytes.putInt(page * size + 8, page);
      }
    }
  }

  private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);

  @Benchmark
  public long audit(Pages pages) {
    long good = 0;
    for (long done = 0; done < GIGABYTE; done += BUFFER) {
      PageFormat format =
          new PageFormat(PageFormat.Type.BTREE, pages.size, ByteOrder.LITTLE_ENDIAN, "", 0);
      PageAudit audit = PageAudit.ofDatabase(format, new FlushedLog(() -> FLUSHED));
      int length = (int) Math.min(BUFFER, GIGABYTE - done);
      for (int page = 0; page < length / pages.size; page++) {
        Optional<String> wrong = audit.check(pages.bytes, page * pages.size, page);
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
      crc.update(bytes.slice(0, (int) Math.min(BUFFER, GIGABYTE - done)));
    }
    return crc.getValue();
  }
}
