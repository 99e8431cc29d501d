package io.github.bdbstandby.libdb;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What recoveries have written to files, as far as it changes their checksums: CRC32C is linear, so
 * that a file's sum follows from the one before and from what has changed. A file need not be read
 * again, however large it is.
 *
 * <p>For one thread, which may recover several times; then any may ask. Nobody else may write to
 * the files from the first to the last time.
 */
public final class PageWrites {
  private static final int LARGEST_PAGE = 65536;

  private record Key(long device, long inode) {}

  private final Map<Key, FileChange> changes = new HashMap<>();
  private final byte[] changed = new byte[LARGEST_PAGE];

  /** Of no recovery yet. */
  public PageWrites() {}

  void begin() {
    Shim.pageWritesBegin(this, changed);
  }

  /**
   * Called by the shim before something is written.
   *
   * @param size of the file
   * @param modified when it was, in nanoseconds
   * @param length how many bytes of {@link #changed} are to change there; 0 for what is not known
   * @return whether more of that file is to be told
   */
  @SuppressWarnings("UnusedMethod") // by the shim
  private boolean changed(
      long device, long inode, long size, long modified, long offset, int length) {
    FileChange change =
        changes.computeIfAbsent(new Key(device, inode), key -> new FileChange(size, modified));
    return change.add(changed, length, offset);
  }

  /**
   * The checksum of a file that was written to.
   *
   * @param size it had before, in bytes
   * @param modified when it was last modified before, in nanoseconds
   * @param sum its CRC32C then
   * @param sizeNow which it has now
   * @return its CRC32C now; empty if that can't be told
   */
  public OptionalLong sumAfter(
      long device, long inode, long size, long modified, long sum, long sizeNow) {
    FileChange change = changes.get(new Key(device, inode));
    return change == null || !change.isOf(size, modified)
        ? OptionalLong.empty()
        : change.sumAfter(sum, sizeNow);
  }
}
