package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.Lsn;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks at each page of one file as it goes by: its number must be its position, and its LSN must
 * lie in what the source has flushed, since libdb writes no page before the log that explains it. A
 * page of zeros in number and LSN is a hole: allocated, never written.
 *
 * <p>Not thread-safe; one for each file.
 */
final class PageAudit {
  private static final int PAGE_NUMBER_OFFSET = 8;

  private final PageFormat format;
  private final boolean numbered;
  private final FlushedLog flushed;
  private final PageNumbering numbering;

  /** What number stands on the page at a position. */
  private sealed interface PageNumbering {
    Optional<String> check(long position, long number);
  }

  private record FromZero() implements PageNumbering {
    @Override
    public Optional<String> check(long position, long number) {
      return number == position
          ? Optional.empty()
          : Optional.of("it carries the page number " + number);
    }
  }

  /** A queue's extents go on counting: page 1 is the first of extent 0. */
  private record Extent(long first) implements PageNumbering {
    @Override
    public Optional<String> check(long position, long number) {
      return number == first + position
          ? Optional.empty()
          : Optional.of("it carries the page number " + number + ", not " + (first + position));
    }
  }

  private PageAudit(
      PageFormat format, boolean numbered, PageNumbering numbering, FlushedLog flushed) {
    this.format = format;
    this.numbered = numbered;
    this.numbering = numbering;
    this.flushed = flushed;
  }

  /**
   * For a file that begins with a meta page.
   *
   * @param flushed how far the source's log is on disk
   */
  static PageAudit ofDatabase(PageFormat format, FlushedLog flushed) {
    return new PageAudit(format, true, new FromZero(), flushed);
  }

  /** For one extent of a queue; with an unknown extent size only LSNs can be judged. */
  static PageAudit ofExtent(PageFormat queue, long extent, FlushedLog flushed) {
    return new PageAudit(
        queue, queue.extentPages() > 0, new Extent(1 + extent * queue.extentPages()), flushed);
  }

  int pageSize() {
    return format.pageSize();
  }

  /**
   * Judges the page at the buffer's index.
   *
   * @return what is wrong with it, or empty
   */
  Optional<String> check(ByteBuffer pages, int index, long position) {
    ByteBuffer view = pages.duplicate().order(format.order());
    long number = Integer.toUnsignedLong(view.getInt(index + PAGE_NUMBER_OFFSET));
    long file = Integer.toUnsignedLong(view.getInt(index));
    long offset = Integer.toUnsignedLong(view.getInt(index + 4));
    if (number == 0 && file == 0 && offset == 0 && position != 0) {
      return Optional.empty();
    }
    if (numbered) {
      Optional<String> wrong = numbering.check(position, number);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    // File 0 marks pages whose changes are not logged.
    if (file == 0) {
      return Optional.empty();
    }
    Lsn lsn = new Lsn(file, offset);
    Lsn end = flushed.endFor(lsn);
    return lsn.compareTo(end) < 0
        ? Optional.empty()
        : Optional.of("its LSN " + lsn + " lies beyond the flushed log, which ends at " + end);
  }
}
