package io.github.bdbstandby.disks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Pages read, and how many of them were torn. */
final class Tally {
  private long read;
  private long torn;

  private void once(Rewriter writer, Reading reading) throws IOException {
    torn += writer.torn(reading.bytes());
    read += writer.pages() - 1; // the first stays as it is
  }

  void measure(Rewriter writer, Reading reading, long seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    do {
      once(writer, reading);
    } while (System.nanoTime() < end);
  }

  void untilTorn(Rewriter writer, Reading reading, long nanos) throws IOException {
    long end = System.nanoTime() + nanos;
    long before = torn;
    do {
      once(writer, reading);
    } while (torn == before && System.nanoTime() < end);
  }

  void times(Rewriter writer, Reading reading, int times) throws IOException {
    for (int i = 0; i < times || !writer.isAtWork(); i++) {
      once(writer, reading);
    }
  }

  long torn() {
    return torn;
  }

  /** Torn of so many. */
  @Override
  public String toString() {
    return read == 0 ? "–" : String.format("%,d of %,d", torn, read);
  }
}
