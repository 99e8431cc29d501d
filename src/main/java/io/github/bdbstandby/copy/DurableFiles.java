package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/**
 * The one way in which anything of ours reaches a name: temporary name, bytes, fsync, rename, fsync
 * of the directory. What these methods have returned from survives a power cut.
 */
public final class DurableFiles {
  private static final String TEMPORARY = ".bdb-standby-tmp";

  /** In bytes, on every file system of Linux that an environment can be on. */
  private static final int LONGEST_NAME = 255;

  /** In which a file system may count time. */
  private static final Duration TICK = Duration.ofSeconds(2);

  private DurableFiles() {}

  /** Replaces or creates a small file as a whole. */
  public static void write(Path file, byte[] content) throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary); // else a link there would be written through
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      force(channel, temporary);
    }
    rename(temporary, file);
  }

  /**
   * The name under which a file's new bytes are gathered; in the same directory. One that would be
   * too long for the file system is a sum of the file's own.
   */
  public static Path temporary(Path file) {
    byte[] name = FileNames.encode(FileNames.toName(file.getFileName()));
    if (name.length + 1 + TEMPORARY.length() <= LONGEST_NAME) {
      return file.resolveSibling(
          FileNames.toPath("." + FileNames.decode(name) + TEMPORARY)); // also what is not UTF-8
    }
    return file.resolveSibling("." + sum(name) + TEMPORARY);
  }

  /** Whether a name is one of {@link #temporary}'s: left by a process that died, to be removed. */
  public static boolean isTemporary(Path file) {
    return file.getFileName().toString().endsWith(TEMPORARY);
  }

  /** Removes what {@link #temporary} names below a directory; links are not followed. */
  public static void sweep(Path directory) throws IOException {
    List<Path> left = new ArrayList<>();
    walk(
        directory,
        (each, found) -> {
          if (isTemporary(each) && found.isRegularFile()) {
            left.add(each);
          }
        });
    for (Path each : left) {
      delete(each);
    }
  }

  /** Renames over whatever has the name, atomically, and makes both directories durable. */
  public static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          FileNames.shown(from) + " and " + FileNames.shown(to) + " lie on different file systems",
          e);
    }
    syncDirectory(parent(to));
    if (!parent(from).equals(parent(to))) {
      syncDirectory(parent(from));
    }
  }

  /** Removes a file if it is there, and makes its going durable. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      syncDirectory(parent(file));
    }
  }

  /** Creates a directory with its parents and makes each new entry durable. */
  public static void createDirectories(Path directory) throws IOException {
    Path missing = directory.toAbsolutePath();
    if (Files.isDirectory(missing)) {
      return;
    }
    createDirectories(parent(missing));
    Files.createDirectories(missing);
    syncDirectory(parent(missing));
  }

  /**
   * Removes a directory and all below it, if it is there; links are not followed. Not made durable:
   * for what may as well come back.
   */
  public static void deleteTree(Path directory) throws IOException {
    // By paths and not by java.io.File, which can't name what the locale can't spell.
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      PathUtils.deleteDirectory(directory);
    }
  }

  /** fsync of a directory: names made or removed in it stay so. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      force(channel, directory);
    }
  }

  /**
   * fsync of an open file or directory. The system's own message names no file.
   *
   * @param file what the channel was opened by, for the message
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted
   * @throws IOException that names the file: what was written to it may be lost
   */
  public static void force(FileChannel channel, Path file) throws IOException {
    try {
      channel.force(true);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(FileNames.shown(file) + ": fsync: " + e.getMessage(), e);
    }
  }

  /** fsync of a file's bytes. */
  public static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      force(channel, file);
    }
  }

  /** fsync of each directory below and including this one. */
  public static void syncTree(Path directory) throws IOException {
    syncTree(directory, Optional.empty());
  }

  /**
   * The same, and of the bytes of each file that was written since then: by somebody who does not
   * make all of them durable, as libdb's recovery of those that it makes and leaves empty.
   */
  public static void syncTree(Path directory, Instant since) throws IOException {
    syncTree(directory, Optional.of(since.minus(TICK)));
  }

  private static void syncTree(Path directory, Optional<Instant> since) throws IOException {
    walk(
        directory,
        (each, found) -> {
          if (found.isDirectory()) {
            syncDirectory(each);
          } else if (since.isPresent()) {
            syncWritten(each, found, since.get());
          }
        });
  }

  private static void syncWritten(Path file, BasicFileAttributes found, Instant since)
      throws IOException {
    try {
      if (found.isRegularFile() && !found.lastModifiedTime().toInstant().isBefore(since)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
          channel.force(false);
        }
      }
    } catch (NoSuchFileException | AccessDeniedException e) {
      // gone, or nothing that we have made
    }
  }

  @FunctionalInterface
  private interface Visit {
    /** What is found is that which a link leads to. */
    void at(Path each, BasicFileAttributes found) throws IOException;
  }

  /**
   * All below and including a directory, but for what is the file system's own. One that is itself
   * a link is entered.
   */
  private static void walk(Path directory, Visit visit) throws IOException {
    Path start = Files.isDirectory(directory) ? directory.toRealPath() : directory;
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
              throws IOException {
            if (LostAndFound.is(each)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            visit.at(named(each), attributes);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes)
              throws IOException {
            Optional<BasicFileAttributes> found = found(each, attributes);
            if (found.isPresent()) {
              visit.at(named(each), found.get());
            }
            return FileVisitResult.CONTINUE;
          }

          private Path named(Path each) {
            return start.equals(directory) ? each : directory.resolve(start.relativize(each));
          }

          @Override
          public FileVisitResult visitFileFailed(Path each, IOException failure)
              throws IOException {
            if (LostAndFound.is(each)) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
  }

  private static Optional<BasicFileAttributes> found(Path file, BasicFileAttributes attributes) {
    if (!attributes.isSymbolicLink()) {
      return Optional.of(attributes);
    }
    try {
      return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      return Optional.empty(); // it leads to nothing, or to where we may not look
    }
  }

  /** So much of a SHA-256 that no two names of one directory have the same. */
  private static String sum(byte[] name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static Path parent(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new NoSuchFileException(FileNames.shown(file) + ": has no parent directory");
    }
    return parent;
  }
}
