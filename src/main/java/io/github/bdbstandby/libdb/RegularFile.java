package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Opens what must be a regular file. A FIFO that has a log file's name would keep whoever opens it
 * waiting for a writer that never comes.
 */
public final class RegularFile {
  private static final int FORMAT = 0170000;
  private static final int SOCKET = 0140000;

  private RegularFile() {}

  /**
   * Opens it for reading.
   *
   * @throws NoSuchFileException if it is not there
   * @throws UnfitFileException if it is a directory, a FIFO, a socket, a device or a link to itself
   */
  public static FileChannel open(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    if (!attributes(file).isRegularFile()) {
      throw new UnfitFileException(file, "not a regular file");
    }
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      throw Files.isSymbolicLink(file) ? new UnfitFileException(file, e.getReason()) : e;
    }
  }

  /**
   * Opens it for reading if it is not larger than that.
   *
   * @param most its bytes
   * @throws NoSuchFileException if it is not there
   * @throws UnfitFileException if it is larger, or no regular file
   */
  public static FileChannel open(Path file, long most) throws IOException {
    FileChannel channel = open(file);
    try {
      if (channel.size() > most) {
        throw new UnfitFileException(file, channel.size() + " bytes, which is too large");
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Its first bytes, as many as there are and a buffer takes. Of a file without size it has none:
   * the kernel's own, such as {@code /proc/kmsg}, may keep whoever reads them waiting.
   *
   * @param into is ready to be read from afterwards
   * @throws NoSuchFileException if it is not there
   * @throws IOException if it is no regular file
   */
  public static void readFirst(Path file, ByteBuffer into) throws IOException {
    Objects.requireNonNull(into, "into");
    try (FileChannel channel = open(file)) {
      if (channel.size() > 0) {
        while (into.hasRemaining() && channel.read(into, into.position()) > 0) {}
      }
    }
    into.flip();
  }

  /**
   * All of its bytes.
   *
   * @param most how many there may be
   * @throws NoSuchFileException if it is not there
   * @throws IOException if it is larger, or no regular file
   */
  public static byte[] read(Path file, int most) throws IOException {
    Objects.requireNonNull(file, "file");
    try (FileChannel channel = open(file, most);
        InputStream in = Channels.newInputStream(channel)) {
      return in.readNBytes(most);
    }
  }

  /**
   * Whether opening it may wait for somebody else, or do more than opening; links are followed. Of
   * what is not there it may not.
   */
  public static boolean mayBlock(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).isOther()
          && ((int) Files.getAttribute(file, "unix:mode") & FORMAT) != SOCKET;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
