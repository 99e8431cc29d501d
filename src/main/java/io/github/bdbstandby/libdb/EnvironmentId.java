package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Which regions these are: an id that libdb makes anew with them, and when. Both are in the file of
 * the first one ({@code REGENV}), in a place that no release changes; where the regions are in
 * System V shared memory, that file says only where ({@code REGENV_REF}).
 *
 * @param id the environment's ({@code envid}), or the segment's
 * @param madeAt in seconds since 1970
 */
public record EnvironmentId(long id, long madeAt) {
  private static final int REFERENCE_BYTES = 24;
  private static final int SEGMENT_OFFSET = 16;

  private static final int ID_OFFSET = 20;
  private static final int TIME_OFFSET = 32;
  private static final int BYTES = 40;

  /**
   * Reads one.
   *
   * @param region the file of the first region
   * @return empty while it is being made
   * @throws IOException if it is no regular file
   */
  public static Optional<EnvironmentId> in(Path region) throws IOException {
    Objects.requireNonNull(region, "region");
    ByteBuffer start = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
    try (FileChannel file = RegularFile.open(region)) {
      while (start.hasRemaining() && file.read(start) >= 0) {
        // a file is read to its end
      }
    }
    if (start.position() == REFERENCE_BYTES) { // written once
      long made = Files.getLastModifiedTime(region).toInstant().getEpochSecond();
      return Optional.of(new EnvironmentId(start.getLong(SEGMENT_OFFSET), made));
    }
    long id = Integer.toUnsignedLong(start.getInt(ID_OFFSET)); // 0 as it begins: set after the time
    return start.hasRemaining() || id == 0
        ? Optional.empty()
        : Optional.of(new EnvironmentId(id, start.getLong(TIME_OFFSET)));
  }
}
