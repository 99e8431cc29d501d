package io.github.bdbstandby.libdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A file that the environment's cache knows ({@code DB_ENV->memp_stat}).
 *
 * @param name as the application opened it: relative to the home or to a data directory, or
 *     absolute
 * @param pageSize in bytes
 */
public record CachedFile(String name, long pageSize) {

  /** As {@link Shim#mempStat} gives it. */
  static CachedFile of(byte[] file) {
    long pageSize =
        Integer.toUnsignedLong(ByteBuffer.wrap(file).order(ByteOrder.nativeOrder()).getInt());
    return new CachedFile(
        FileNames.decode(Arrays.copyOfRange(file, Integer.BYTES, file.length)), pageSize);
  }
}
