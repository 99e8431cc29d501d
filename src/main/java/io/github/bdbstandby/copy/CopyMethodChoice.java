package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses the copy method of each file: the fastest that is page-atomic on its file system, or
 * none.
 *
 * <p>The table behind it was measured with one writer and 10^5 to 10^6 page reads: torn pages were
 * seen in direct reads on btrfs, tmpfs and ext4 with data=journal, and in buffered reads on all but
 * XFS; none in direct reads on ext4 (ordered, writeback, no journal) and XFS, and none in clones.
 *
 * <p>Thread-safe.
 */
public final class CopyMethodChoice {

  /** What the process that copies has to do with those that write. */
  public enum Sharing {
    /** Another process writes: anything that must be undone when we die is forbidden. */
    OTHER_PROCESS,
    /** The environment lives and dies with this process. */
    SAME_LIFE,
    /** Nobody has the environment open. */
    NOBODY
  }

  /** A directory alone would not do: a file in it may be a link to, or mounted from, elsewhere. */
  private record Where(long device, Path directory) {}

  private record Inode(long device, long number) {}

  private final Sharing sharing;
  private final Optional<CopyMethod> asked;
  private final MountedFileSystem target;
  private final Map<Where, CopyMethod> chosen = new ConcurrentHashMap<>();
  private final Set<Where> unshared = ConcurrentHashMap.newKeySet();
  private final Set<Inode> readDirectly = ConcurrentHashMap.newKeySet();

  /**
   * For one copy.
   *
   * @param asked the method that the user wants, or empty for the best
   * @param target an existing directory on the file system that receives the copies
   */
  public CopyMethodChoice(Sharing sharing, Optional<CopyMethod> asked, Path target)
      throws IOException {
    this.sharing = sharing;
    this.asked = asked;
    this.target = MountedFileSystem.of(target);
  }

  /**
   * The method for a file or for the files of a directory, by where it really lies: it may be a
   * link to another file system, or mounted from one. The answer is kept for a directory's files of
   * one file system, and what is to be known of a file for as long as this lives: it is asked for
   * before anything is copied, and again for the copying.
   *
   * @throws NoPageAtomicReadException if no method, or not the one asked for, is safe there
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  public CopyMethod of(Path path) throws IOException {
    try {
      Inode inode = inode(path);
      CopyMethod method = chosen.computeIfAbsent(where(inode, path), where -> choose(path, where));
      if (method != CopyMethod.DIRECT || readDirectly.contains(inode)) {
        return method;
      }
      if (Posix.fallsBack(path)) {
        return without(
            path,
            FileNames.shown(path)
                + ": its data is journalled (chattr +j) or encrypted (fscrypt); no direct read is"
                + " right");
      }
      readDirectly.add(inode);
      return method;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * The method for a file that turned out not to be cloned, and from now on for those beside it.
   *
   * @throws NoPageAtomicReadException if no other is safe there
   * @throws CannotCloneException if cloning was asked for
   */
  public CopyMethod insteadOfClone(Path path, CannotCloneException failure) throws IOException {
    if (asked.isPresent()) {
      throw failure;
    }
    Where where = where(inode(path), path);
    if (unshared.add(where)) {
      chosen.remove(where);
    }
    try {
      return of(path);
    } catch (NoPageAtomicReadException e) {
      e.initCause(failure);
      throw e;
    }
  }

  private static Inode inode(Path path) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
    return new Inode((Long) attributes.get("dev"), (Long) attributes.get("ino"));
  }

  private static Where where(Inode inode, Path path) {
    return new Where(inode.device(), path.toAbsolutePath().getParent());
  }

  /** The best of the methods that were chosen, if any was. */
  public Optional<CopyMethod> chosen() {
    return chosen.values().stream().min(Comparator.naturalOrder());
  }

  private CopyMethod choose(Path path, Where where) {
    try {
      MountedFileSystem from = MountedFileSystem.of(path);
      boolean clones = !unshared.contains(where) && canReflink(from, path);
      return asked.isPresent() ? allow(asked.get(), path, from, clones) : best(path, from, clones);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CopyMethod best(Path path, MountedFileSystem from, boolean clones) {
    if (clones) {
      return CopyMethod.REFLINK;
    }
    if (canReadDirect(from)) {
      return CopyMethod.DIRECT;
    }
    return without(
        path, FileNames.shown(path) + ": no read of a live file is page-atomic from " + kind(from));
  }

  /** The method where the file system gives none. */
  private CopyMethod without(Path path, String why) {
    if (asked.isPresent() || sharing == Sharing.OTHER_PROCESS) {
      throw new NoPageAtomicReadException(path, why);
    }
    return sharing == Sharing.NOBODY ? CopyMethod.AT_REST : CopyMethod.COORDINATED;
  }

  private CopyMethod allow(CopyMethod method, Path path, MountedFileSystem from, boolean clones) {
    boolean safe =
        switch (method) {
          case REFLINK -> clones;
          case DIRECT -> canReadDirect(from);
          case COORDINATED -> sharing != Sharing.OTHER_PROCESS;
          case AT_REST -> sharing == Sharing.NOBODY;
        };
    if (safe) {
      return method;
    }
    throw new NoPageAtomicReadException(
        path,
        method == CopyMethod.COORDINATED
            ? FileNames.shown(path)
                + ": the coordinated copy belongs to the process that runs the environment;"
                + " a process of ours killed inside it would stop the application's checkpoints"
            : FileNames.shown(path)
                + ": "
                + method.word()
                + " is not page-atomic from "
                + kind(from));
  }

  private boolean canReflink(MountedFileSystem from, Path path) throws IOException {
    return from.device().equals(target.device())
        && (from.type().equals("btrfs")
            || (from.type().equals("xfs") && Posix.xfsCanReflink(path)));
  }

  private static boolean canReadDirect(MountedFileSystem from) {
    return from.type().equals("xfs")
        || (from.type().equals("ext4") && !from.options().contains("data=journal"));
  }

  private String kind(MountedFileSystem from) {
    return from.type()
        + (from.options().contains("data=journal") ? " with data=journal" : "")
        + (from.device().equals(target.device()) ? "" : " to another file system");
  }
}
