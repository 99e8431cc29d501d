package io.github.bdbstandby.libdb;

/**
 * What a change of some bytes does to the CRC32C of a file.
 *
 * <p>A CRC is the remainder of the file, taken for a polynomial over GF(2), by a fixed one, P. So
 * the remainder of a changed file is that of the file before plus that of the difference, which is
 * the difference's own remainder times x to the power of the bits that follow it. How many will
 * follow is not known while a file grows; differences are therefore kept as if the file ended at
 * its beginning: times x to a negative power. That is one to a positive power too, since x^(2^31 -
 * 1) is 1: P is x + 1 times a primitive polynomial of degree 31.
 *
 * <p>Polynomials are words with x^0 in the highest bit, as a CRC32C has them.
 */
final class Crc32cAlgebra {
  private static final int ONE = 0x80000000;
  private static final int P = 0x82f63b78;
  private static final int ALL = 0xffffffff;
  private static final long ORDER = (1L << 31) - 1;

  /** x to the power of 2^i. */
  private static final int[] POWERS = new int[31];

  static {
    POWERS[0] = ONE >>> 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = times(POWERS[i - 1], POWERS[i - 1]);
    }
  }

  private Crc32cAlgebra() {}

  /**
   * Of a change.
   *
   * @param sum the CRC32C of what has changed: before, exclusive-or after
   * @param length its bytes
   * @param end where it ends in the file
   */
  static int difference(int sum, long length, long end) {
    // Without what a CRC begins and ends with, which all files have.
    int remainder = sum ^ ALL ^ start(length);
    return times(remainder, shift(-end));
  }

  /**
   * The CRC32C of a file that was changed.
   *
   * @param sum before
   * @param size before
   * @param difference the exclusive-or of all {@link #difference}s
   * @param sizeNow at least as much; what was not written there is zero
   */
  static int after(int sum, long size, int difference, long sizeNow) {
    int remainder = sum ^ ALL ^ start(size);
    int now = times(remainder, shift(sizeNow - size)) ^ times(difference, shift(sizeNow));
    return now ^ start(sizeNow) ^ ALL;
  }

  /** What the beginning of a CRC, all ones, has become behind so many bytes. */
  private static int start(long bytes) {
    return times(ALL, shift(bytes));
  }

  /** x to the power of the bits in so many bytes. */
  private static int shift(long bytes) {
    long power = Math.floorMod(Math.floorMod(bytes, ORDER) * Byte.SIZE, ORDER);
    int product = ONE;
    for (int i = 0; power != 0; i++, power >>>= 1) {
      if ((power & 1) != 0) {
        product = times(product, POWERS[i]);
      }
    }
    return product;
  }

  private static int times(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int left = a; left != 0; left <<= 1) {
      if (left < 0) {
        product ^= shifted;
      }
      shifted = (shifted >>> 1) ^ (-(shifted & 1) & P);
    }
    return product;
  }
}
