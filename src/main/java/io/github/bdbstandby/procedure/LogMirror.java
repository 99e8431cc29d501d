package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes copies of log files equal to their originals and durable, writing only where they differ.
 * For one thread at a time.
 */
final class LogMirror {
  private static final int CHUNK = 1 << 20;

  private final CopyProgress progress;
  private final Path originals;
  private final ByteBuffer original = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer present = ByteBuffer.allocateDirect(CHUNK);
  private long growth;

  /**
   * For one source.
   *
   * @param originals the directory of its log files
   */
  LogMirror(Path originals, CopyProgress progress) {
    this.originals = originals;
    this.progress = progress;
  }

  /**
   * Makes a copy equal to its original.
   *
   * @param begin up to where they are known to be equal
   * @param end where the copy is to end
   * @return the bytes written
   */
  long mend(FileChannel from, Path copy, long begin, long end) throws IOException {
    boolean isNew = !Files.exists(copy);
    if (isNew) {
      FileModes.create(originals.resolve(copy.getFileName()), copy);
    }
    long written = 0;
    try (FileChannel to = writable(copy);
        WriteBack device = WriteBack.of(copy)) {
      long size = to.size();
      for (long at = begin; at < end; at += original.limit()) {
        read(from, original, at, end);
        read(to, present, at, end);
        int differs = original.mismatch(present);
        if (differs >= 0) {
          int bytes = write(to, original.position(differs), at);
          if (end - at > CHUNK) { // more is to come
            device.begin(at + differs, bytes);
          }
          written += bytes;
        }
        if (original.limit() == 0) {
          break;
        }
      }
      if (size > end) {
        to.truncate(end); // the source has taken records back
      }
      if (written > 0 || size > end) {
        DurableFiles.force(to, copy);
      }
      growth += Math.max(0, end - size);
    }
    if (isNew) {
      DurableFiles.syncDirectory(copy.getParent());
    }
    progress.copied(written);
    return written;
  }

  /** By how many bytes the copies have grown since this was last asked. */
  long takeGrowth() {
    long grown = growth;
    growth = 0;
    return grown;
  }

  private static FileChannel writable(Path copy) throws IOException {
    return FileChannel.open(
        copy,
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
  }

  private static void read(FileChannel from, ByteBuffer into, long at, long end)
      throws IOException {
    into.clear().limit((int) Math.min(CHUNK, end - at));
    while (into.hasRemaining() && from.read(into, at + into.position()) > 0) {}
    into.flip();
  }

  /** Writes what remains of bytes whose first belongs at a place. */
  private static int write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    int from = bytes.position();
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      to.write(rest, at + rest.position());
    }
    return bytes.limit() - from;
  }
}
