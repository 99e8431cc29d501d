package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A source's log file that is not complete, or not completely copied, and up to where it will not
 * change any more. For one thread at a time.
 */
final class GrowingLog implements AutoCloseable {
  /** How long a record may take to be written as a whole. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final FileChannel channel;
  private final Deque<Sighting> sightings = new ArrayDeque<>();
  private long settled;

  /** Where records ended, by their headers, at some time. */
  private record Sighting(long nanos, long end) {}

  /** Of a file that is open for reading, and is closed with this. */
  GrowingLog(FileChannel channel) {
    this.channel = channel;
  }

  FileChannel channel() {
    return channel;
  }

  /** Nothing before this will change. */
  long settled() {
    return settled;
  }

  /** Where its records end now. */
  long end() throws IOException {
    return LogEnd.of(channel, settled);
  }

  /**
   * Says that all before an end was compared. What was seen long enough before that is whole: a
   * header shows before its record's body does, and who writes it may be kept waiting in between.
   *
   * @param nanos when comparing began, by {@link System#nanoTime()}
   */
  void compared(long nanos, long end) {
    sightings.add(new Sighting(nanos, end));
    while (sightings.element().nanos() <= nanos - SETTLED.toNanos()) {
      settled = sightings.remove().end();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
