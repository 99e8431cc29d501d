package io.github.bdbstandby.libdb;

import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** What page writes have changed in a file, as far as it matters to its CRC32C. */
final class FileChange {
  /** Beyond this share of a file it is read sooner than it was followed. */
  private static final int SHARE = 8;

  private static final long ALWAYS_FOLLOWED = 4 << 20;

  /** Pages come in the order of their places, mostly, and often there are few between them. */
  private static final byte[] UNCHANGED = new byte[16 << 10];

  private final long size;
  private final long modified;
  private final CRC32C stretch = new CRC32C();
  private long begin;
  private long end;
  private long followed;
  private int difference;
  private boolean isKnown = true;

  /**
   * Of a file that is about to be written to.
   *
   * @param modified in nanoseconds
   */
  FileChange(long size, long modified) {
    this.size = size;
    this.modified = modified;
  }

  /** Whether the file was this before the first write. */
  boolean isOf(long itsSize, long itsModified) {
    return size == itsSize && modified == itsModified;
  }

  /**
   * Takes in a write.
   *
   * @param bytes before, exclusive-or after
   * @param length how many; 0 if what was written is not known
   * @return whether to go on
   */
  boolean add(byte[] bytes, int length, long offset) {
    followed += length;
    if (length == 0 || followed > Math.max(ALWAYS_FOLLOWED, size / SHARE)) {
      isKnown = false;
    }
    if (!isKnown) {
      return false;
    }
    long between = offset - end;
    if (between < 0 || between > UNCHANGED.length) {
      close();
      begin = offset;
    } else {
      stretch.update(UNCHANGED, 0, (int) between);
    }
    stretch.update(bytes, 0, length);
    end = offset + length;
    return true;
  }

  private void close() {
    difference = soFar();
    stretch.reset();
    begin = end;
  }

  private int soFar() {
    return difference ^ Crc32cAlgebra.difference((int) stretch.getValue(), end - begin, end);
  }

  /** The file's CRC32C when it has that size, from the one before; empty if it can't be told. */
  OptionalLong sumAfter(long sum, long sizeNow) {
    if (!isKnown || sizeNow < size) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        Integer.toUnsignedLong(Crc32cAlgebra.after((int) sum, size, soFar(), sizeNow)));
  }
}
