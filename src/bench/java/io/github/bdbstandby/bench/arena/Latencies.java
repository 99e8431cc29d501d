package io.github.bdbstandby.bench.arena;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/** What the application felt: when each transaction was committed, and how long it took. */
public final class Latencies {
  private static final int RECORD = 16;

  /** Since 1970, of each commit. */
  private final long[] micros;

  private final long[] nanos;

  private Latencies(long[] micros, long[] nanos) {
    this.micros = micros;
    this.nanos = nanos;
  }

  /** As the writer has noted them. */
  public static Latencies read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int count = bytes.remaining() / RECORD;
    long[] micros = new long[count];
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      micros[i] = bytes.getLong();
      nanos[i] = bytes.getLong();
    }
    return new Latencies(micros, nanos);
  }

  /** How many there are so far. */
  public static long count(Path file) throws IOException {
    return Files.size(file) / RECORD;
  }

  /** Those within a time. */
  public Felt between(Instant from, Instant to) {
    long start = ChronoUnit.MICROS.between(Instant.EPOCH, from);
    long end = ChronoUnit.MICROS.between(Instant.EPOCH, to);
    long[] taken = new long[micros.length];
    int count = 0;
    for (int i = 0; i < micros.length; i++) {
      if (micros[i] >= start && micros[i] < end) {
        taken[count++] = nanos[i];
      }
    }
    long[] sorted = Arrays.copyOf(taken, count);
    Arrays.sort(sorted);
    double p99 = count == 0 ? 0 : sorted[(int) Math.min(count - 1L, count * 99L / 100)] / 1e6;
    return new Felt(count * 1e9 / Duration.between(from, to).toNanos(), p99);
  }

  /**
   * The application's life for a while.
   *
   * @param p99 milliseconds that all but one in a hundred transactions stayed below
   */
  public record Felt(double commitsPerSecond, double p99) {}
}
