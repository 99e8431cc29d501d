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

  /** Where the last record began at some time. */
  private record Sighting(long nanos, long last) {}

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

  /**
   * Where its last record begins and ends now, by the headers.
   *
   * @param begin up to there nothing changes any more, when it has been so for a while
   */
  record Last(long begin, long end) {}

  /** Looks for it. */
  Last last() throws IOException {
    RecordHeaders records = new RecordHeaders(channel, settled);
    while (records.next()) {}
    return new Last(Math.max(settled, records.begin()), records.end());
  }

  /**
   * Says that all up to the last record's end was compared. What was seen long enough before that
   * is whole, but for the record that was the last then: libdb writes its buffer when it is full
   * ({@code __log_fill} of {@code src/log/log_put.c}), and the rest of a record at its end may come
   * much later, with the next commit.
   *
   * @param nanos when comparing began, by {@link System#nanoTime()}
   */
  void compared(long nanos, Last last) {
    sightings.add(new Sighting(nanos, last.begin()));
    while (sightings.element().nanos() <= nanos - SETTLED.toNanos()) {
      settled = sightings.remove().last();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
