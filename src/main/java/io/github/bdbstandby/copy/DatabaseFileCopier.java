package io.github.bdbstandby.copy;

import com.sun.nio.file.ExtendedOpenOption;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Copies database files page by page, auditing and summing as the pages go by.
 *
 * <p>A file is read up to the size it had when it was opened: what grows behind that was never on
 * disk before, so all of its history is in the log that is copied afterwards.
 *
 * <p>Thread-safe; an interrupt ends a copy with {@link
 * java.nio.channels.ClosedByInterruptException}.
 */
public final class DatabaseFileCopier {
  private static final int ALIGNMENT = 4096;
  private static final int LARGEST_PAGE = 64 << 10;
  private static final int READS_OF_A_BAD_PAGE = 20;

  private final FlushedLog flushed;
  private final CopyProgress progress;
  private final Map<Object, Integer> blocks = new ConcurrentHashMap<>();

  /** A multiple of every page size and of every file system's block. */
  private final int chunkBytes;

  /**
   * For one source, as fast as it goes.
   *
   * @param flushed the LSN up to which the source's log is on disk, asked anew at each call
   */
  public DatabaseFileCopier(Supplier<Lsn> flushed, CopyProgress progress) {
    this(flushed, CopyLimits.NONE, progress);
  }

  /**
   * For one source.
   *
   * @param flushed the LSN up to which the source's log is on disk, asked anew at each call
   */
  public DatabaseFileCopier(Supplier<Lsn> flushed, CopyLimits limits, CopyProgress progress) {
    this.flushed = new FlushedLog(flushed);
    this.chunkBytes = limits.bufferBytes();
    this.progress = limits.slowing(progress);
  }

  /**
   * Copies one file; when this returns, its bytes are durable, unless it is small and others are
   * many (its directory entry is not).
   *
   * @param method what {@link CopyMethodChoice} says of it; not the coordinated one
   * @param small what the copy is made durable with, if it is small
   * @throws CannotCloneException if the file system that is to clone it can't
   * @throws BadPageException if a page stays wrong however often it is read
   * @throws java.nio.file.NoSuchFileException if it was removed or renamed meanwhile
   */
  public CopiedFile copy(DatabaseFile file, CopyMethod method, Path target, SmallFiles small)
      throws IOException {
    return switch (method) {
      case REFLINK -> copyClone(file, target, small);
      case DIRECT -> copyRead(file, target, small, blockOf(file.path()), ExtendedOpenOption.DIRECT);
      case AT_REST -> copyRead(file, target, small, ALIGNMENT);
      case COORDINATED ->
          throw new IllegalStateException("a coordinated copy is made by CoordinatedCopier");
    };
  }

  /** The JDK reads directly by a file system's blocks, which may be larger than the kernel's. */
  private int blockOf(Path file) throws IOException {
    Object device = Files.getAttribute(file, "unix:dev");
    Integer known = blocks.get(device);
    if (known == null) {
      known = (int) Math.max(ALIGNMENT, Files.getFileStore(file).getBlockSize());
      blocks.put(device, known);
    }
    return known;
  }

  private CopiedFile copyRead(
      DatabaseFile file, Path target, SmallFiles small, int block, OpenOption... how)
      throws IOException {
    Set<OpenOption> options = new java.util.HashSet<>(Set.of(how));
    options.add(StandardOpenOption.READ);
    try (FileChannel in = FileChannel.open(file.path(), options);
        SparseOutput out = SparseOutput.like(file.path(), target)) {
      Optional<PageAudit> audit = audit(file);
      long end = wholePages(in, file, audit);
      ByteBuffer pages = buffer(end, block);
      for (long at = 0; at < end; at += pages.capacity()) {
        int length = read(in, pages, at, end, block, file, audit);
        out.write(pages.slice(0, length));
        progress.copied(length);
        if (length < pages.capacity()) {
          break;
        }
      }
      out.finish(small.of(end));
      return new CopiedFile(target, out.size(), out.crc32c());
    }
  }

  /** No larger than the file: to clear a large one takes longer than to copy a small file. */
  private ByteBuffer buffer(long fileBytes, int block) {
    long needed = (fileBytes + LARGEST_PAGE - 1) / LARGEST_PAGE * LARGEST_PAGE;
    int size = (int) Math.max(LARGEST_PAGE, Math.min(chunkBytes, needed));
    ByteBuffer aligned = ByteBuffer.allocateDirect(size + block).alignedSlice(block);
    return aligned.limit(size).slice();
  }

  /** The file's size: in mid-page only for the moment in which the file system extends it. */
  private static long wholePages(FileChannel in, DatabaseFile file, Optional<PageAudit> audit)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      long end = in.size();
      if (audit.isEmpty() || end % audit.get().pageSize() == 0) {
        return end;
      }
      if (attempt == READS_OF_A_BAD_PAGE) {
        throw cutOff(file, end / audit.get().pageSize());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static BadPageException cutOff(DatabaseFile file, long page) {
    return new BadPageException(file.path(), page, "the file ends within it");
  }

  /** Reads one chunk until all of its pages are right. */
  private int read(
      FileChannel in,
      ByteBuffer pages,
      long at,
      long end,
      int block,
      DatabaseFile file,
      Optional<PageAudit> audit)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      long aligned = (end - at + block - 1) / block * block;
      pages.clear().limit((int) Math.min(pages.capacity(), aligned));
      int length = (int) Math.min(readFully(in, pages, at, block), end - at);
      if (audit.isEmpty()) {
        return length;
      }
      int size = audit.get().pageSize();
      Optional<BadPageException> bad = Optional.empty();
      for (int index = 0; index + size <= length && bad.isEmpty(); index += size) {
        long page = (at + index) / size;
        bad =
            audit
                .get()
                .check(pages, index, page)
                .map(w -> new BadPageException(file.path(), page, w));
      }
      if (bad.isEmpty()) {
        return length;
      }
      if (attempt == READS_OF_A_BAD_PAGE) {
        throw bad.get();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static int readFully(FileChannel in, ByteBuffer pages, long at, int block)
      throws IOException {
    while (pages.hasRemaining()) {
      int got = in.read(pages, at + pages.position());
      // A direct read that ends off a block has met the end of the file.
      if (got <= 0 || pages.position() % block != 0) {
        break;
      }
    }
    return pages.position();
  }

  private CopiedFile copyClone(DatabaseFile file, Path target, SmallFiles small)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      FileModes.create(file.path(), target);
      Posix.cloneFile(file.path(), target);
      try {
        return sumClone(file, target, small);
      } catch (BadPageException e) {
        if (attempt == READS_OF_A_BAD_PAGE) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  /** The clone stands still, so one reading of it decides. */
  private CopiedFile sumClone(DatabaseFile file, Path clone, SmallFiles small) throws IOException {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    Optional<PageAudit> audit = audit(file);
    try (FileChannel in =
        FileChannel.open(clone, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer pages = buffer(in.size(), ALIGNMENT);
      long at = 0;
      for (int length; (length = readFully(in, pages.clear(), at, ALIGNMENT)) > 0; at += length) {
        if (audit.isPresent()) {
          int size = audit.get().pageSize();
          for (int index = 0; index + size <= length; index += size) {
            Optional<String> wrong = audit.get().check(pages, index, (at + index) / size);
            if (wrong.isPresent()) {
              throw new BadPageException(file.path(), (at + index) / size, wrong.get());
            }
          }
          if (length % size != 0) {
            throw cutOff(file, (at + length) / size);
          }
        }
        crc.update(pages.slice(0, length));
        progress.copied(length);
      }
      if (small.of(at) == SmallFiles.Durability.AT_ONCE) {
        DurableFiles.force(in, clone);
      }
      return new CopiedFile(clone, at, crc.getValue());
    }
  }

  private Optional<PageAudit> audit(DatabaseFile file) {
    return file.format()
        .map(
            format ->
                file.extent().isPresent()
                    ? PageAudit.ofExtent(format, file.extent().getAsLong(), flushed)
                    : PageAudit.ofDatabase(format, flushed));
  }
}
