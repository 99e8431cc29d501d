package io.github.bdbstandby.copy;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The system calls that the JDK does not offer and that need no header of libdb. */
final class Posix {
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;

  /** Of files made here: rw-r--r--, less what the umask takes. */
  private static final int OWNER_WRITES = 0644;

  /** Of a FIFO, which else waits for a writer; nothing changes for a file. */
  private static final int O_NONBLOCK = 0x800;

  // linux/fs.h
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private static final int ENOENT = 2;
  private static final int ENXIO = 6;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int EXDEV = 18;
  private static final int EINVAL = 22;
  private static final int EOPNOTSUPP = 95;
  private static final int O_CLOEXEC = 0x80000;

  /** {@code _IOW(0x94, 9, int)} of linux/fs.h. */
  private static final long FICLONE = 0x40049409L;

  /** {@code _IOR('f', 1, long)} of linux/fs.h. */
  private static final long FS_IOC_GETFLAGS = 0x80086601L;

  /** {@code _IOW('f', 2, long)} of linux/fs.h. */
  private static final long FS_IOC_SETFLAGS = 0x40086602L;

  private static final long FS_JOURNAL_DATA_FL = 0x4000L;
  private static final long FS_ENCRYPT_FL = 0x800;
  private static final long FS_NOCOW_FL = 0x800000L;

  /** {@code _IOR('X', 124, struct xfs_fsop_geom_v4)} of xfs_fs.h; and where its flags are. */
  private static final long XFS_IOC_FSGEOMETRY_V4 = 0x8070587CL;

  private static final int XFS_GEOMETRY_BYTES = 112;
  private static final int XFS_GEOMETRY_FLAGS = 92;
  private static final int XFS_FSOP_GEOM_FLAGS_REFLINK = 1 << 20;

  // linux/fcntl.h
  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;

  /** {@code struct flock} of 64-bit Linux: type, whence, start, length, process. */
  private static final int FLOCK_BYTES = 32;

  /** linux/fs.h */
  private static final int SYNC_FILE_RANGE_WRITE = 2;

  private Posix() {}

  /**
   * Makes {@code to}, an existing empty file, share all extents of {@code from}. On btrfs both are
   * written in place ({@code chattr +C}, as databases are there) or both are not.
   *
   * @throws CannotCloneException if these two can't share extents
   */
  static void cloneFile(Path from, Path to) throws IOException {
    int source = open(from, O_RDONLY);
    try {
      int target = open(to, O_WRONLY);
      try {
        long flags = flags(target);
        if (((flags ^ flags(source)) & FS_NOCOW_FL) != 0) {
          NativeLongByReference other = new NativeLongByReference();
          other.setValue(new NativeLong(flags ^ FS_NOCOW_FL));
          checked(Libc.INSTANCE.ioctl(target, new NativeLong(FS_IOC_SETFLAGS), other));
        }
        checked(Libc.INSTANCE.ioctl(target, new NativeLong(FICLONE), source));
      } catch (LastErrorException e) {
        String message =
            FileNames.shown(from) + ": FICLONE to " + FileNames.shown(to) + ": " + e.getMessage();
        throw switch (e.getErrorCode()) {
          case EXDEV, EINVAL, EOPNOTSUPP -> new CannotCloneException(message, e);
          default -> new IOException(message, e);
        };
      } finally {
        Libc.INSTANCE.close(target);
      }
    } finally {
      Libc.INSTANCE.close(source);
    }
  }

  /**
   * Whether direct reads of this one file fall back to others without a word: ext4 journals its
   * data ({@code chattr +j}), or encrypts it (fscrypt).
   */
  static boolean fallsBack(Path file) throws IOException {
    int fd = open(file, O_RDONLY);
    try {
      return (flags(fd) & (FS_JOURNAL_DATA_FL | FS_ENCRYPT_FL)) != 0;
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  /** A file's flags as {@code lsattr} shows them. */
  private static long flags(int fd) {
    try {
      NativeLongByReference flags = new NativeLongByReference();
      checked(Libc.INSTANCE.ioctl(fd, new NativeLong(FS_IOC_GETFLAGS), flags));
      return flags.getValue().longValue();
    } catch (LastErrorException e) {
      return 0; // a file system without such flags has none set
    }
  }

  /** Whether an XFS can share extents: one made long ago, or with {@code reflink=0}, can't. */
  static boolean xfsCanReflink(Path path) throws IOException {
    int fd = open(path, O_RDONLY);
    try (Memory geometry = new Memory(XFS_GEOMETRY_BYTES)) {
      checked(Libc.INSTANCE.ioctl(fd, new NativeLong(XFS_IOC_FSGEOMETRY_V4), geometry));
      return (geometry.getInt(XFS_GEOMETRY_FLAGS) & XFS_FSOP_GEOM_FLAGS_REFLINK) != 0;
    } catch (LastErrorException e) {
      return false; // it can't be asked
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  /**
   * Bytes of a file that are no holes.
   *
   * @param block a whole one counts with anything in it
   */
  static long dataBytes(Path file, long block) throws IOException {
    int fd = open(file, O_RDONLY);
    try {
      long bytes = 0;
      long data = seek(fd, 0, SEEK_DATA);
      while (data >= 0) {
        long begin = data / block * block;
        long hole = Math.max(data + 1, seek(fd, data, SEEK_HOLE));
        long end = (hole + block - 1) / block * block;
        bytes += end - begin;
        data = seek(fd, end, SEEK_DATA);
      }
      return bytes;
    } catch (LastErrorException e) {
      return Long.MAX_VALUE; // a file system that can't tell
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  /** Negative if there is none before the file's end. */
  private static long seek(int fd, long from, int whence) {
    long at = Libc.INSTANCE.lseek(fd, new NativeLong(from), whence).longValue();
    if (at < 0 && Native.getLastError() != ENXIO) {
      throw new LastErrorException(Native.getLastError());
    }
    return at;
  }

  /** Opens a file, making it, with a lock of all of it; empty if somebody else has one. */
  static Optional<Integer> lockedFile(Path file) throws IOException {
    int fd = open(file, O_RDWR | O_CREAT);
    boolean taken = false;
    try (Memory lock = wholeFile()) {
      checked(Libc.INSTANCE.fcntl(fd, F_OFD_SETLK, lock));
      taken = true;
      return Optional.of(fd);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == EAGAIN || e.getErrorCode() == EACCES) {
        return Optional.empty();
      }
      throw new IOException(FileNames.shown(file) + ": F_OFD_SETLK: " + e.getMessage(), e);
    } finally {
      if (!taken) {
        Libc.INSTANCE.close(fd);
      }
    }
  }

  /** Opens a file for {@link #beginWriteBack}; to be closed by {@link #closeFile}. */
  static int forWriteBack(Path file) throws IOException {
    return open(file, O_WRONLY);
  }

  /**
   * Has the kernel begin to write a range to the device without waiting for it. A hint: where it
   * can't be followed, a later fsync does all the work.
   */
  static void beginWriteBack(int fd, long offset, long length) {
    Libc.INSTANCE.sync_file_range(fd, offset, length, SYNC_FILE_RANGE_WRITE);
  }

  /** To be closed by {@link #closeFile}. */
  static int openDirectory(Path directory) throws IOException {
    return open(directory, O_RDONLY);
  }

  /**
   * Writes all that a file system has to the device.
   *
   * @param shown what lies on it, for the message
   */
  static void syncFileSystem(int fd, String shown) throws IOException {
    try {
      checked(Libc.INSTANCE.syncfs(fd));
    } catch (LastErrorException e) {
      throw new IOException(shown + ": syncfs: " + e.getMessage(), e);
    }
  }

  static void closeFile(int fd) {
    Libc.INSTANCE.close(fd);
  }

  /** Whether somebody holds a lock of a file. */
  static boolean isLocked(Path file) throws IOException {
    int fd = open(file, O_RDONLY);
    try (Memory lock = wholeFile()) {
      checked(Libc.INSTANCE.fcntl(fd, F_OFD_GETLK, lock));
      return lock.getShort(0) != F_UNLCK;
    } catch (LastErrorException e) {
      throw new IOException(FileNames.shown(file) + ": F_OFD_GETLK: " + e.getMessage(), e);
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  private static Memory wholeFile() {
    Memory lock = new Memory(FLOCK_BYTES);
    lock.clear();
    lock.setShort(0, F_WRLCK);
    return lock;
  }

  private static int open(Path file, int flags) throws IOException {
    try (Memory path = pathOf(file)) {
      return checked(Libc.INSTANCE.open(path, flags | O_CLOEXEC | O_NONBLOCK, OWNER_WRITES));
    } catch (LastErrorException e) {
      IOException failure =
          switch (e.getErrorCode()) {
            case ENOENT -> new NoSuchFileException(file.toString());
            case EACCES -> new AccessDeniedException(file.toString());
            default -> new IOException(FileNames.shown(file) + ": " + e.getMessage());
          };
      failure.initCause(e);
      throw failure;
    }
  }

  /** As C has it; by the locale's spelling it could be another file's name. */
  private static Memory pathOf(Path file) {
    byte[] name = FileNames.encode(file);
    Memory path = new Memory(name.length + 1L);
    path.write(0, name, 0, name.length);
    path.setByte(name.length, (byte) 0);
    return path;
  }

  /** By what it returns: a call that went well may leave errno as some other call had it. */
  private static int checked(int result) throws LastErrorException {
    if (result < 0) {
      throw new LastErrorException(Native.getLastError());
    }
    return result;
  }

  private interface Libc extends com.sun.jna.Library {
    /** Of this process: the JVM has libc loaded. */
    Libc INSTANCE = Native.load(null, Libc.class);

    int open(Pointer path, int flags, Object... mode);

    int close(int fd);

    int fcntl(int fd, int command, Object... argument);

    NativeLong lseek(int fd, NativeLong offset, int whence);

    int ioctl(int fd, NativeLong request, Object... argument);

    int syncfs(int fd);

    int sync_file_range(int fd, long offset, long length, int flags);
  }
}
