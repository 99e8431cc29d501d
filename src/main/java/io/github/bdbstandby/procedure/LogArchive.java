package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * The "backup device": a directory that keeps the log files which the standby no longer needs. Its
 * path may belong to any NIO provider, so nothing here assumes the default file system.
 *
 * <p>A file never replaces another of the same name, unless that is its own beginning: two
 * histories must not mix. An error in reading a log file that is to come here is an exception of
 * that file's name.
 */
public final class LogArchive {
  private static final int CHUNK = 64 * 1024;

  private final Path directory;

  /** In this directory, whether it is there or not. */
  public LogArchive(Path directory) {
    this.directory = directory;
  }

  /** Where the files are; of any NIO provider. */
  public Path directory() {
    return directory;
  }

  /** Makes the directory, durably, if it is not there. */
  public void make() throws IOException {
    if (isLocal()) {
      DurableFiles.createDirectories(directory);
    } else {
      Files.createDirectories(directory);
    }
  }

  /** Whether this archive has the log file, byte for byte. */
  public boolean has(LogFile log) throws IOException {
    Path kept = directory.resolve(LogFile.nameOf(log.number()));
    try {
      if (Files.isSameFile(kept, log.path())) {
        throw new IOException(
            FileNames.shown(kept) + ": is the source's own log file, so that it is no archive's");
      }
      return Files.size(kept) == Files.size(log.path()) && mismatch(kept, log) < 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Stores a log file; when this returns, the archive's copy is durable (as far as its provider can
   * say) and byte for byte the same. The directory must be there.
   *
   * @throws ArchiveConflictException if another file has the name; nothing was changed
   */
  public long store(LogFile log) throws IOException {
    return store(log, Files.size(log.path()), has(log));
  }

  /** The same of the beginning of one, unless the archive has more of it. */
  public long store(LogFile log, long length) throws IOException {
    return store(log, length, hasBeginning(log, length));
  }

  private boolean hasBeginning(LogFile log, long length) throws IOException {
    Path kept = directory.resolve(LogFile.nameOf(log.number()));
    return Files.exists(kept) && Files.size(kept) >= length && agree(kept, log, length);
  }

  /**
   * Looks whether a log file could be stored; changes nothing.
   *
   * @throws ArchiveConflictException if another file has the name
   */
  public void check(LogFile log) throws IOException {
    refuseOther(log, Files.size(log.path()), has(log));
  }

  /** The same of the beginning of one. */
  public void check(LogFile log, long length) throws IOException {
    refuseOther(log, length, hasBeginning(log, length));
  }

  private void refuseOther(LogFile log, long length, boolean has) throws IOException {
    Path kept = directory.resolve(LogFile.nameOf(log.number()));
    if (!has
        && Files.exists(kept)
        && (Files.size(kept) > length || !agree(kept, log, Files.size(kept)))) {
      throw new ArchiveConflictException(kept);
    }
  }

  private static boolean agree(Path kept, LogFile log, long length) throws IOException {
    long differs = mismatch(kept, log);
    return differs < 0 || differs >= length;
  }

  /** As Java's own, which does not tell which of the two could not be read. */
  private static long mismatch(Path kept, LogFile log) throws IOException {
    try (InputStream there = Files.newInputStream(kept);
        InputStream here = reading(log)) {
      long same = 0;
      while (true) {
        byte[] a = there.readNBytes(CHUNK);
        byte[] b = here.readNBytes(CHUNK);
        int differs = Arrays.mismatch(a, b);
        if (differs >= 0) {
          return same + differs;
        }
        if (a.length < CHUNK) {
          return -1;
        }
        same += a.length;
      }
    }
  }

  private static InputStream reading(LogFile log) throws IOException {
    return new ProxyInputStream(Files.newInputStream(log.path())) {
      @Override
      protected void handleIOException(IOException e) throws IOException {
        if (e instanceof ClosedByInterruptException) {
          throw e;
        }
        FileSystemException named =
            new FileSystemException(log.path().toString(), null, e.getMessage());
        named.initCause(e);
        throw named;
      }
    };
  }

  private long store(LogFile log, long length, boolean has) throws IOException {
    Path kept = directory.resolve(LogFile.nameOf(log.number()));
    if (has) {
      if (isLocal()) { // whoever left it may have been killed before that
        try (FileChannel there = RegularFile.open(kept)) { // it may be write-protected
          DurableFiles.force(there, kept);
        }
        DurableFiles.syncDirectory(directory);
      }
      return length;
    }
    refuseOther(log, length, false);
    Path temporary = directory.resolve("." + LogFile.nameOf(log.number()) + ".part");
    try (InputStream in = beginning(log, length);
        SeekableByteChannel channel =
            Files.newByteChannel(
                temporary,
                Set.of(
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING))) {
      OutputStream out = Channels.newOutputStream(channel);
      IOUtils.copyLarge(in, out);
      out.flush();
      if (channel instanceof FileChannel file) {
        DurableFiles.force(file, temporary);
      }
    }
    if (Files.size(temporary) != length || !agree(temporary, log, length)) {
      throw new IOException(
          FileNames.shown(temporary)
              + ": differs from "
              + FileNames.shown(log.path())
              + " after copying");
    }
    try {
      Files.move(
          temporary, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, kept, StandardCopyOption.REPLACE_EXISTING);
    }
    if (isLocal()) {
      DurableFiles.syncDirectory(directory);
    }
    return Files.size(kept);
  }

  /** Of another provider it says itself what is durable. */
  private boolean isLocal() {
    return directory.getFileSystem().equals(FileSystems.getDefault());
  }

  private static InputStream beginning(LogFile log, long length) throws IOException {
    return BoundedInputStream.builder().setInputStream(reading(log)).setMaxCount(length).get();
  }

  /** The archive has another file of that name: the log of another history. */
  public static final class ArchiveConflictException extends IOException {
    private static final long serialVersionUID = 1L;

    ArchiveConflictException(Path kept) {
      super(FileNames.shown(kept) + ": the archive holds another log file of this name");
    }
  }
}
