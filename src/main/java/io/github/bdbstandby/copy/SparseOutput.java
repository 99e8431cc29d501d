package io.github.bdbstandby.copy;

import io.github.bdbstandby.copy.SmallFiles.Durability;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Writes one file from start to end, leaving holes where the bytes are zero, and sums it on the
 * way.
 *
 * <p>Not thread-safe. {@link #finish} makes the bytes durable, unless that is left to the caller;
 * the directory entry is the caller's.
 */
final class SparseOutput implements AutoCloseable {
  /** Of zeros, and at a multiple of it. */
  static final int HOLE = 64 * 1024;

  /** Less than this is soon written by {@link #finish}. */
  private static final int AHEAD = 512 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private long position;

  /** From the first write that is worth it. */
  private Optional<WriteBack> writeBack = Optional.empty();

  private long begun;

  /** Makes the file anew, for those who may read the original. */
  static SparseOutput like(Path original, Path file) throws IOException {
    FileModes.create(original, file);
    return new SparseOutput(file);
  }

  SparseOutput(Path file) throws IOException {
    this.file = file;
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);
  }

  /** Appends the buffer's remaining bytes. */
  void write(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      int length = Math.min(HOLE, rest.remaining());
      ByteBuffer block = rest.slice(rest.position(), length);
      if (!isZero(block)) {
        int run = length;
        // Neighbouring blocks with something in them go out together.
        while (run < rest.remaining()) {
          int next = Math.min(HOLE, rest.remaining() - run);
          if (isZero(rest.slice(rest.position() + run, next))) {
            break;
          }
          run += next;
        }
        length = run;
        writeFully(rest.slice(rest.position(), run));
      }
      position += length;
      rest.position(rest.position() + length);
    }
    bytes.position(bytes.limit());
  }

  /** Leaves a hole; its zeros are summed. */
  void skip(long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(HOLE, length));
    for (long left = length; left > 0; left -= zeros.limit()) {
      write(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
    }
  }

  private void writeFully(ByteBuffer run) throws IOException {
    long at = position;
    try {
      while (run.hasRemaining()) {
        at += channel.write(run, at);
      }
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(FileNames.shown(file) + ": write: " + e.getMessage(), e);
    }
    if (at - begun >= AHEAD) {
      beginWriteBack(at);
    }
  }

  private void beginWriteBack(long end) throws IOException {
    if (writeBack.isEmpty()) {
      writeBack = Optional.of(WriteBack.of(file));
    }
    writeBack.get().begin(begun, end - begun);
    begun = end;
  }

  private static boolean isZero(ByteBuffer block) {
    int i = 0;
    for (; i + Long.BYTES <= block.limit(); i += Long.BYTES) {
      if (block.getLong(i) != 0) {
        return false;
      }
    }
    for (; i < block.limit(); i++) {
      if (block.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  long size() {
    return position;
  }

  long crc32c() {
    return crc.getValue();
  }

  /** Sets the length, which a hole at the end would miss, and forces the bytes to the device. */
  void finish() throws IOException {
    finish(Durability.AT_ONCE);
  }

  /** The same; the bytes are forced now or with those of other files. */
  void finish(Durability when) throws IOException {
    if (channel.size() < position) {
      channel.write(ByteBuffer.allocate(1), position - 1);
    }
    if (when == Durability.AT_ONCE) {
      DurableFiles.force(channel, file);
    }
  }

  @Override
  public void close() throws IOException {
    writeBack.ifPresent(WriteBack::close);
    channel.close();
  }
}
