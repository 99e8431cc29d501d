package io.github.bdbstandby.copy;

/** Hears of bytes as they are copied; from several threads at once. */
@FunctionalInterface
public interface CopyProgress {
  /** Nobody listens. */
  CopyProgress NONE = bytes -> {};

  /**
   * Bytes have gone by.
   *
   * @param bytes that went by since the last call
   */
  void copied(long bytes);
}
