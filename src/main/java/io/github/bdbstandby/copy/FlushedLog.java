package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.Lsn;
import java.util.function.Supplier;

/**
 * How far a source's log is on disk. It only ever grows, so the source is asked only about what is
 * newer than its last answer: once for many files that were written before.
 *
 * <p>Thread-safe.
 */
final class FlushedLog {
  private final Supplier<Lsn> source;
  private volatile Lsn known = Lsn.ZERO;

  /**
   * Of one source.
   *
   * @param source tells it; may be called on any thread, by several at once
   */
  FlushedLog(Supplier<Lsn> source) {
    this.source = source;
  }

  /**
   * Where it ends, at least.
   *
   * @param lsn for which a former answer does if it is beyond that
   */
  Lsn endFor(Lsn lsn) {
    Lsn end = known;
    if (lsn.compareTo(end) >= 0) {
      end = source.get();
      known = end;
    }
    return end;
  }
}
