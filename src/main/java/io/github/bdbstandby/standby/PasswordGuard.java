package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DatabaseDamagedException;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.libdb.WrongPasswordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a log at rest asks for a password. libdb compares passwords with the regions; where there
 * are none, a missing password or one too many makes it panic over bytes that it can't read.
 *
 * <p>Layout: libdb's {@code src/dbinc/log.h}, {@code HDR} and {@code LOGP}.
 */
final class PasswordGuard {
  private static final int MAGIC_OFFSET = 12;
  private static final int MAGIC = 0x040988;
  private static final int HEADER_BYTES = MAGIC_OFFSET + Integer.BYTES;

  private PasswordGuard() {}

  /**
   * Compares the log with what was given.
   *
   * @throws RefusedException {@code wrong-password}
   */
  static void check(Path logDirectory, Optional<byte[]> password) throws IOException {
    if (!Files.isDirectory(logDirectory)) {
      return;
    }
    for (LogFile log : LogFile.in(logDirectory)) {
      Optional<Boolean> plain = isPlain(log.path());
      if (plain.isPresent()) {
        refuse(log.path(), plain.get(), password.isPresent());
        return;
      }
    }
  }

  /**
   * Compares a standby with what was given.
   *
   * @throws RefusedException {@code wrong-password}
   */
  static void check(StandbyDirectory standby, Manifest manifest, Optional<byte[]> password) {
    refuse(standby.home(), !manifest.source().encrypted(), password.isPresent());
  }

  /**
   * Opens an environment. Where there are no regions, a wrong password shows as a wrong checksum of
   * the log's first record.
   *
   * @throws RefusedException {@code wrong-password}
   */
  static <T> T opening(Optional<byte[]> password, Supplier<T> open) {
    try {
      return open.get();
    } catch (WrongPasswordException e) {
      throw wrong(e);
    } catch (DatabaseDamagedException e) {
      throw password.isPresent() ? wrong(e) : e;
    }
  }

  private static RefusedException wrong(DbException e) {
    return new RefusedException(
        Reason.WRONG_PASSWORD, e.getMessage(), "give the right one: --password-file", e);
  }

  /**
   * Compares what is encrypted, or not, with what was given.
   *
   * @throws RefusedException {@code wrong-password}
   */
  static void refuse(Path place, boolean plain, boolean given) {
    if (plain && given) {
      throw new RefusedException(
          Reason.WRONG_PASSWORD,
          FileNames.shown(place) + ": not encrypted, but a password was given",
          "leave --password-file out, or SourceRequest.withPassword");
    }
    if (!plain && !given) {
      throw new RefusedException(
          Reason.WRONG_PASSWORD,
          FileNames.shown(place) + ": encrypted, and no password was given",
          "give the password: --password-file, or SourceRequest.withPassword");
    }
  }

  /** Empty for a file that has no header yet. */
  private static Optional<Boolean> isPlain(Path log) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    try (FileChannel channel = RegularFile.open(log)) {
      while (header.hasRemaining() && channel.read(header, header.position()) > 0) {}
    }
    if (header.hasRemaining()) {
      return Optional.empty();
    }
    int big = header.order(ByteOrder.BIG_ENDIAN).getInt(MAGIC_OFFSET);
    return Optional.of(big == MAGIC || Integer.reverseBytes(big) == MAGIC);
  }
}
