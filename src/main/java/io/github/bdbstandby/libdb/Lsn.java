package io.github.bdbstandby.libdb;

import java.util.Comparator;
import java.util.Objects;

/**
 * A log sequence number: the place of a record in the log. Both parts are unsigned 32-bit numbers,
 * kept in longs ({@code DB_LSN} in {@code db.h}).
 *
 * @param file number of the log file, from 1; 0 only in {@link #ZERO}
 * @param offset in bytes in that file
 */
public record Lsn(long file, long offset) implements Comparable<Lsn> {

  /** No place: libdb's own zero LSN. */
  public static final Lsn ZERO = new Lsn(0, 0);

  private static final long MAX = 0xFFFF_FFFFL;
  private static final Comparator<Lsn> ORDER =
      Comparator.comparingLong(Lsn::file).thenComparingLong(Lsn::offset);

  /** Refuses what does not fit 32 bits. */
  public Lsn {
    if (file < 0 || file > MAX || offset < 0 || offset > MAX) {
      throw new IllegalArgumentException("not an LSN: " + file + "/" + offset);
    }
  }

  /** Whether this is no place. */
  public boolean isZero() {
    return file == 0 && offset == 0;
  }

  /** Reads what {@link #toString()} writes, such as {@code 131/4242}. */
  public static Lsn parse(String text) {
    Objects.requireNonNull(text, "text");
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("not an LSN: " + text);
    }
    try {
      return new Lsn(
          Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an LSN: " + text, e);
    }
  }

  /** As the shim takes it: the file in the upper 32 bits. */
  long packed() {
    return file << 32 | offset;
  }

  static Lsn ofInts(int file, int offset) {
    return new Lsn(Integer.toUnsignedLong(file), Integer.toUnsignedLong(offset));
  }

  @Override
  public int compareTo(Lsn other) {
    Objects.requireNonNull(other, "other");
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return file + "/" + offset;
  }
}
