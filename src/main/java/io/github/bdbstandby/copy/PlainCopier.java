package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Copies files that have no pages: log files, DB_CONFIG and the application's own. */
public final class PlainCopier {
  private static final int CHUNK = 1 << 20;
  private static final int LEAST_CHUNK = 4 << 10;

  private PlainCopier() {}

  /** Copies a whole file to a name that nobody uses yet, and makes its bytes durable. */
  public static CopiedFile copy(Path from, Path to, CopyProgress progress) throws IOException {
    return copy(from, to, Long.MAX_VALUE, progress);
  }

  /**
   * Makes a copy to be thrown away: by a clone where the file system can, which needs no room, and
   * not durable.
   *
   * @param to a name that nobody uses yet
   */
  public static void cloneOrCopy(Path from, Path to) throws IOException {
    RegularFile.open(from).close(); // else what is no file would be waited for
    Files.createFile(to);
    try {
      Posix.cloneFile(from, to);
    } catch (IOException e) {
      try {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException second) {
        second.addSuppressed(e);
        throw second;
      }
    }
  }

  /**
   * Copies the first bytes of a file.
   *
   * @param limit how many at the most; the file may go on growing
   */
  public static CopiedFile copy(Path from, Path to, long limit, CopyProgress progress)
      throws IOException {
    return copy(from, to, limit, SmallFiles.ONE_BY_ONE, progress);
  }

  /**
   * The same for one of many.
   *
   * @param small what the copy is made durable with, if it is small
   */
  public static CopiedFile copy(
      Path from, Path to, long limit, SmallFiles small, CopyProgress progress) throws IOException {
    try (FileChannel in = RegularFile.open(from);
        SparseOutput out = SparseOutput.like(from, to)) {
      copy(in, out, limit, progress);
      out.finish(small.of(out.size()));
      return new CopiedFile(to, out.size(), out.crc32c());
    }
  }

  private static void copy(FileChannel in, SparseOutput out, long limit, CopyProgress progress)
      throws IOException {
    int size = (int) Math.max(LEAST_CHUNK, Math.min(CHUNK, in.size()));
    ByteBuffer chunk = ByteBuffer.allocateDirect(size);
    for (long at = 0; at < limit; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(size, limit - at));
      if (in.read(chunk, at) <= 0) {
        return;
      }
      out.write(chunk.flip());
      progress.copied(chunk.limit());
    }
  }

  /**
   * Moves a file over whatever has the name, which has all of the one or of the other at any time;
   * a copy where the place is on another file system, or mounted there. The caller makes the
   * directories durable.
   */
  public static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Path passing = DurableFiles.temporary(to);
      copy(from, passing, CopyProgress.NONE);
      FileModes.same(from, passing);
      Files.setLastModifiedTime(passing, Files.getLastModifiedTime(from));
      Files.move(passing, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      DurableFiles.syncDirectory(to.toAbsolutePath().getParent());
      Files.delete(from);
    }
  }

  /** Cuts a file to its first bytes, durably; one that is shorter stays as it is. */
  public static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      DurableFiles.force(channel, file);
    }
  }

  /**
   * Whether two files agree in a range of bytes.
   *
   * @param length bytes from the start that must be there in both and equal
   */
  public static boolean sameBytes(Path one, Path other, long length) throws IOException {
    try (FileChannel a = RegularFile.open(one);
        FileChannel b = RegularFile.open(other)) {
      if (a.size() < length || b.size() < length) {
        return false;
      }
      ByteBuffer left = ByteBuffer.allocateDirect(CHUNK);
      ByteBuffer right = ByteBuffer.allocateDirect(CHUNK);
      for (long at = 0; at < length; at += CHUNK) {
        int want = (int) Math.min(CHUNK, length - at);
        if (!fill(a, left, at, want) || !fill(b, right, at, want)) {
          return false;
        }
        if (left.mismatch(right) >= 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean fill(FileChannel in, ByteBuffer buffer, long at, int want)
      throws IOException {
    buffer.clear().limit(want);
    while (buffer.hasRemaining()) {
      if (in.read(buffer, at + buffer.position()) <= 0) {
        return false;
      }
    }
    buffer.flip();
    return true;
  }
}
