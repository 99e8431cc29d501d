package io.github.bdbstandby.copy;

import java.util.Objects;

/**
 * How gently databases are copied.
 *
 * @param bytesPerSecond of all files together, on the average; 0 for as fast as it goes
 * @param bufferBytes read and written at a time, by each of the copying threads: a power of two
 *     from 64 KiB to 16 MiB
 */
public record CopyLimits(long bytesPerSecond, int bufferBytes) {
  private static final int LEAST_BUFFER = 64 << 10;
  private static final int LARGEST_BUFFER = 16 << 20;

  /** As fast as it goes, a MiB at a time. */
  public static final CopyLimits NONE = new CopyLimits(0, 1 << 20);

  /** Refuses what is out of range, by an {@link IllegalArgumentException}. */
  public CopyLimits {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
    if (Integer.bitCount(bufferBytes) != 1
        || bufferBytes < LEAST_BUFFER
        || bufferBytes > LARGEST_BUFFER) {
      throw new IllegalArgumentException(
          "a buffer of " + bufferBytes + " bytes: it must be a power of two, 64 KiB to 16 MiB");
    }
  }

  /** Tells of progress, and makes the copying threads wait where they are too fast. */
  public CopyProgress slowing(CopyProgress progress) {
    Objects.requireNonNull(progress, "progress");
    if (bytesPerSecond == 0) {
      return progress;
    }
    Throttle throttle = new Throttle(bytesPerSecond);
    return bytes -> {
      throttle.passed(bytes);
      progress.copied(bytes);
    };
  }
}
