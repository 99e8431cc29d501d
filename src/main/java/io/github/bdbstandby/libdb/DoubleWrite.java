package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keeps recovery from leaving a torn page when its process is killed.
 *
 * <p>The kernel ends a killed process's write between its own pages of 4 KiB, so that a larger page
 * of a database may be left half new and half old, with the LSN of the new half: no later recovery
 * repairs that. While recovery runs on a thread, each such page is written to a slot before it is
 * written to its place; whoever comes after a kill writes the slot's page again.
 */
public final class DoubleWrite {
  private static final int HEADER_BYTES = 4096;
  private static final int LARGEST_PAGE = 65536;
  private static final int UNHASHED_BYTES = 16;
  private static final int LSN_BYTES = 8;
  private static final int NAME_OFFSET = 56;
  private static final long MAGIC = 0x6264627374627932L;
  private static final long HASH_START = 0xcbf29ce484222325L;
  private static final long HASH_PRIME = 0x100000001b3L;

  private DoubleWrite() {}

  /**
   * Writes the slot's page to its place, if that is still the file that it was written to, and
   * makes it durable; then removes the slot. A slot that was itself cut off holds no page, and then
   * none was being written.
   *
   * <p>Of a page that was being written the first bytes were: they are the LSN, by which it is told
   * from one that was not begun, or that an application has written since.
   *
   * <p>A slot that was copied, which its inode tells, came with a copy of its home, in which the
   * same page may be torn: it goes to the file of the same name there.
   *
   * @param home the directory being recovered: no file elsewhere is touched
   * @return whether a page was written
   * @throws LostPageException if a copied slot's page has no place here; the slot stays
   */
  public static boolean repair(Path slot, Path home) throws IOException {
    Optional<byte[]> content = content(slot);
    if (content.isEmpty()) {
      return false;
    }
    Path real = home.toRealPath();
    boolean written = write(slot, content.get(), real, real);
    Files.delete(slot);
    return written;
  }

  /**
   * The same in a copy of a home that such a recovery has left; slot and home stay as they are.
   *
   * @param copy has the home's files under the same names
   * @return whether a page was written
   */
  public static boolean repairCopy(Path slot, Path home, Path copy) throws IOException {
    Optional<byte[]> content = content(slot);
    return content.isPresent() && write(slot, content.get(), home.toRealPath(), copy);
  }

  private static Optional<byte[]> content(Path slot) throws IOException {
    try (InputStream in = Channels.newInputStream(RegularFile.open(slot))) {
      // What is longer holds no page.
      return Optional.of(in.readNBytes(HEADER_BYTES + LARGEST_PAGE));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean write(Path slot, byte[] content, Path home, Path copy) throws IOException {
    if (content.length < HEADER_BYTES) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    long magic = in.getLong();
    long hash = in.getLong();
    long size = in.getLong();
    long offset = in.getLong();
    long inode = in.getLong();
    long slotInode = in.getLong();
    long nameSize = in.getLong();
    if (magic != MAGIC
        || size <= 0
        || size > LARGEST_PAGE
        || HEADER_BYTES + size > content.length
        || offset < 0
        || nameSize <= 0
        || nameSize > HEADER_BYTES - NAME_OFFSET
        || hash != hash(in, HEADER_BYTES + (int) size)) {
      return false;
    }
    byte[] name = Arrays.copyOfRange(content, NAME_OFFSET, NAME_OFFSET + (int) nameSize);
    Path original = FileNames.toPath(FileNames.decode(name));
    boolean isOwn = slotInode == inode(slot);
    Optional<Path> found = below(home, original, file -> inode == inode(file));
    if (found.isPresent() && isOwn && !wasBegun(found.get(), offset, in)) {
      return false;
    }
    if (found.isEmpty()) {
      if (isOwn) {
        return false; // that file is gone, and whatever has its name was never being written
      }
      found = below(home, original, file -> true);
    }
    if (found.isEmpty()) {
      throw new LostPageException(slot, original);
    }
    Path file = copy.resolve(home.relativize(found.get()));
    ByteBuffer page = ByteBuffer.wrap(content, HEADER_BYTES, (int) size);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long at = offset; page.hasRemaining(); ) {
        at += channel.write(page, at);
      }
      channel.force(true);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          FileNames.shown(file) + ": page at " + offset + ": " + e.getMessage(), e);
    }
    return true;
  }

  /** The kernel writes a page from its beginning on. */
  private static boolean wasBegun(Path file, long offset, ByteBuffer slot) throws IOException {
    ByteBuffer there = ByteBuffer.allocate(LSN_BYTES);
    try (FileChannel channel = RegularFile.open(file)) {
      while (there.hasRemaining() && channel.read(there, offset + there.position()) > 0) {}
    }
    return there.flip().equals(slot.slice(HEADER_BYTES, LSN_BYTES));
  }

  private static long inode(Path file) throws IOException {
    return (long) Files.getAttribute(file, "unix:ino");
  }

  @FunctionalInterface
  private interface Condition {
    boolean isMetBy(Path file) throws IOException;
  }

  /**
   * The file of that name below a home that may have been moved since, or reached by another path:
   * the last part of the name is what has stayed.
   */
  private static Optional<Path> below(Path home, Path name, Condition condition)
      throws IOException {
    for (int from = 0; from < name.getNameCount(); from++) {
      Path file = home.resolve(name.subpath(from, name.getNameCount()));
      if (Files.isRegularFile(file)
          && file.toRealPath().startsWith(home)
          && condition.isMetBy(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static long hash(ByteBuffer content, int end) {
    long hash = HASH_START;
    for (int at = UNHASHED_BYTES; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = (hash ^ content.getLong(at)) * HASH_PRIME;
    }
    return hash;
  }
}
