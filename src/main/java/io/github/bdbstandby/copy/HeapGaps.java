package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What libdb leaves out of its own copy of a heap ({@code __heap_backup}): of each region, all
 * behind the highest page that was ever used. A region that several threads fill at once is left
 * with such pages: whoever finds it locked makes the next one.
 *
 * <p>The first region's own page is left out with them while the heap has no record. Without it
 * recovery can't add one, and it was never logged but for the file's making.
 */
record HeapGaps(PageFormat format) {
  private static final int READS = 20;

  /** Of a heap, by what its file begins with; empty for any other database. */
  static Optional<HeapGaps> of(ByteBuffer first) {
    return PageFormat.parse(first.slice())
        .filter(format -> format.type() == PageFormat.Type.HEAP && format.hasValidPageSize())
        .map(HeapGaps::new);
  }

  /**
   * Adds what is lacking.
   *
   * @param copy of the heap, so far
   * @param end where it goes on
   * @return how many bytes
   */
  long fill(SparseOutput copy, Path original, long end) throws IOException {
    long begin = copy.size();
    if (begin == format.pageSize()) {
      copy.write(firstRegion(original));
    }
    if (end > copy.size()) {
      copy.skip(end - copy.size());
    }
    return copy.size() - begin;
  }

  /** Nobody writes it before there is a record; should the first come just now, until it is in. */
  private ByteBuffer firstRegion(Path original) throws IOException {
    try (FileChannel file = RegularFile.open(original)) {
      ByteBuffer last = read(file, original);
      for (int i = 0; i < READS; i++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        ByteBuffer again = read(file, original);
        if (again.equals(last)) {
          return again;
        }
        last = again;
      }
      throw new BadPageException(original, 1, "it is another one at each reading");
    }
  }

  private ByteBuffer read(FileChannel file, Path original) throws IOException {
    int size = format.pageSize();
    ByteBuffer pages = ByteBuffer.allocate(2 * size);
    while (pages.hasRemaining() && file.read(pages, pages.position()) > 0) {}
    pages.flip();
    if (!PageFormat.parse(pages).map(PageFormat::fileId).equals(Optional.of(format.fileId()))) {
      throw new NoSuchFileException(original.toString()); // another one has its name
    }
    int end = pages.limit();
    return ByteBuffer.wrap(Arrays.copyOfRange(pages.array(), Math.min(size, end), end));
  }
}
