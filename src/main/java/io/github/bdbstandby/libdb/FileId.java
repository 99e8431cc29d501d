package io.github.bdbstandby.libdb;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The 20 bytes that identify a database file ({@code DB_FILE_ID_LEN}), on its first page and in the
 * log. Immutable.
 */
public final class FileId {

  /** Number of bytes. */
  public static final int LENGTH = 20;

  private final byte[] bytes;

  /** Of exactly {@link #LENGTH} bytes, which are copied. */
  public FileId(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a file id has " + LENGTH + " bytes, not " + bytes.length);
    }
    this.bytes = bytes.clone();
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileId id && Arrays.equals(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes in hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
