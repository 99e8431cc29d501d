package io.github.bdbstandby.libdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name that a transaction manager gave to a transaction when it prepared it ({@code
 * DB_TXN->prepare}): {@code DB_GID_SIZE} bytes, filled up with zeros. Immutable.
 */
public final class GlobalTransactionId {
  private final byte[] bytes;

  /** Of any number of bytes, which are copied; zeros at the end do not count. */
  public GlobalTransactionId(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    this.bytes = Arrays.copyOf(bytes, length);
  }

  /** The bytes up to the last that is not zero. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Its bytes in hexadecimal, as {@code db_stat -t} has them. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GlobalTransactionId id && Arrays.equals(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** As text where it is printable ASCII, in hexadecimal otherwise. */
  @Override
  public String toString() {
    for (byte each : bytes) {
      if (each < ' ' || each > '~') {
        return hex();
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
