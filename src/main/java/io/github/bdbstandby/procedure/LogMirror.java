package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.WriteBack;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes copies of log files equal to their originals, writing only where they differ, and then all
 * of them durable at once: the first fsync then commits the names and blocks of the others, too.
 * For one thread at a time.
 */
final class LogMirror {
  private static final int CHUNK = 1 << 20;

  /** Less than this is left to the fsync, which is near. */
  private static final int WORTH_BEGINNING = 1 << 16;

  private final CopyProgress progress;
  private final Path originals;
  private final ByteBuffer original = ByteBuffer.allocateDirect(CHUNK);
  private final ByteBuffer present = ByteBuffer.allocateDirect(CHUNK);
  private final List<Copy> unsettled = new ArrayList<>();
  private List<Copy> refused = List.of();
  private long growth;

  /**
   * Has been written, and is not durable.
   *
   * @param changed from where on it has been changed
   */
  private record Copy(Path path, FileChannel channel, boolean isNew, long changed) {}

  /** What was written: the first place, and how many bytes. */
  private record Written(long first, long bytes) {
    static final Written NOTHING = new Written(Long.MAX_VALUE, 0);

    Written and(long at, long more) {
      return new Written(Math.min(first, at), bytes + more);
    }
  }

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
   * Makes a copy equal to its original; {@link #settle} makes it durable.
   *
   * @param begin up to where they are known to be equal
   * @param end where the copy is to end
   * @return the bytes written
   */
  long mend(FileChannel from, Path path, long begin, long end) throws IOException {
    boolean isNew = !Files.exists(path);
    if (isNew) {
      FileModes.create(originals.resolve(path.getFileName()), path);
    }
    FileChannel copy = writable(path);
    try {
      long size = copy.size();
      Written written = write(from, copy, path, begin, end);
      if (size > end) {
        copy.truncate(end); // the source has taken records back
      }
      growth += Math.max(0, end - size);
      if (isNew || written.bytes() > 0 || size > end) {
        unsettled.add(new Copy(path, copy, isNew, Math.min(written.first(), Math.min(size, end))));
      } else {
        copy.close();
      }
      progress.copied(written.bytes());
      return written.bytes();
    } catch (IOException | RuntimeException e) {
      Cleanup.after(e, copy::close);
      throw e;
    }
  }

  private Written write(FileChannel from, FileChannel copy, Path path, long begin, long end)
      throws IOException {
    Written written = Written.NOTHING;
    try (WriteBack device = WriteBack.of(path)) {
      for (long at = begin; at < end; at += original.limit()) {
        read(from, original, at, end);
        read(copy, present, at, end);
        int differs = original.mismatch(present);
        if (differs >= 0) {
          int bytes = write(copy, original.position(differs), at);
          if (bytes >= WORTH_BEGINNING) {
            device.begin(at + differs, bytes);
          }
          written = written.and(at + differs, bytes);
        }
        if (original.limit() == 0) {
          break;
        }
      }
    }
    return written;
  }

  /**
   * Makes durable what is there already: who made it may have been killed before it was.
   *
   * @param copies their directory
   */
  static void settleEarlier(Path copies) throws IOException {
    for (LogFile copy : LogFile.in(copies)) {
      DurableFiles.syncFile(copy.path());
    }
    DurableFiles.syncDirectory(copies);
  }

  /** How many copies are not durable, each with a descriptor. */
  int unsettled() {
    return unsettled.size();
  }

  /** Makes durable what has been written; what the device refuses is taken back. */
  void settle() throws IOException {
    try {
      force();
    } catch (IOException e) {
      takeBackRefused(e);
      throw e;
    }
  }

  /** The same, but that what it refuses stays until {@link #takeBackRefused}. */
  void force() throws IOException {
    Set<Path> directories = new HashSet<>();
    for (int i = 0; i < unsettled.size(); i++) {
      Copy copy = unsettled.get(i);
      try {
        DurableFiles.force(copy.channel(), copy.path());
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        refused = List.copyOf(unsettled.subList(i, unsettled.size()));
        throw e;
      }
      if (copy.isNew()) {
        directories.add(copy.path().getParent());
      }
    }
    for (Path directory : directories) {
      DurableFiles.syncDirectory(directory);
    }
    discard();
  }

  /** Takes back what the device has refused, when nobody reads it any more. */
  void takeBackRefused(Throwable why) {
    takeBack(why, refused);
    refused = List.of();
  }

  /** What the device may not have, though the kernel shows it; the last first, to leave no hole. */
  private static void takeBack(Throwable why, List<Copy> copies) {
    for (int i = copies.size() - 1; i >= 0; i--) {
      Copy copy = copies.get(i);
      Cleanup.after(why, () -> takeBack(copy));
    }
  }

  private static void takeBack(Copy copy) throws IOException {
    if (copy.isNew()) {
      Files.delete(copy.path());
    } else {
      copy.channel().truncate(copy.changed());
    }
  }

  /** Leaves it to the kernel what becomes of what has been written. */
  void discard() throws IOException {
    for (Copy copy : unsettled) {
      copy.channel().close();
    }
    unsettled.clear();
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
