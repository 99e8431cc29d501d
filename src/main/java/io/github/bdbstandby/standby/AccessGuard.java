package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process may not read or write at a source is told before anything is changed. */
final class AccessGuard {
  private static final Logger LOG = LoggerFactory.getLogger(AccessGuard.class);
  private static final String AS_READER = "run as a user who may read all of the environment";

  private AccessGuard() {}

  /**
   * Looks at a source, with nothing changed yet.
   *
   * @throws RefusedException {@code no-access}, naming the file, if it may not be read
   */
  static <T> T reading(Guarded<T> look) throws IOException {
    try {
      return look.run();
    } catch (AccessDeniedException e) {
      throw unreadable(FileNames.escaped(e.getFile()), e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof AccessDeniedException denied) {
        throw unreadable(FileNames.escaped(denied.getFile()), denied);
      }
      throw e;
    }
  }

  /**
   * Asks for the right to read these, by opening them: {@code access} judges by the real user, and
   * knows no capabilities. What is gone may be passed over.
   */
  static void askForReading(Stream<Path> files) {
    for (Path file : (Iterable<Path>) files::iterator) {
      try {
        RegularFile.open(file).close();
      } catch (AccessDeniedException e) {
        throw unreadable(FileNames.shown(file), e);
      } catch (IOException e) {
        LOG.debug("gone, or whoever reads it will tell", e);
      }
    }
  }

  /** The refusal, if this is why a file or directory below a source's home could not be read. */
  static Optional<RefusedException> atSource(Path home, IOException failure) {
    if (!(failure instanceof FileSystemException of)
        || !(of.getFile() + "/").startsWith(home.toString() + "/")) {
      return Optional.empty();
    }
    if (failure instanceof AccessDeniedException denied) {
      return Optional.of(unreadable(FileNames.escaped(denied.getFile()), denied));
    }
    if (failure instanceof NoSuchFileException missing) {
      return Optional.of(
          new RefusedException(
              Reason.NO_ENVIRONMENT,
              FileNames.escaped(missing.getFile()) + ": not there any more",
              "put it back, or fail over",
              missing));
    }
    return Optional.empty();
  }

  private static RefusedException unreadable(String file, AccessDeniedException cause) {
    return new RefusedException(
        Reason.NO_ACCESS, file + ": may not be read by this process", AS_READER, cause);
  }

  /**
   * Asks for the right to do what libdb does in whoever holds bulk loading back: where a {@code
   * DB_TXN_BULK} transaction is open, it makes a checkpoint at once. Where it may not write the log
   * it panics, and with it the application.
   *
   * @throws RefusedException {@code no-access} if there is none
   */
  static void askForCheckpoint(Source source) throws IOException {
    if (source.opened().isEmpty() || source.sharing() == Sharing.NOBODY) {
      return;
    }
    Path directory = source.logDirectory();
    if (!Files.isWritable(directory) && Files.exists(directory)) {
      throw unwritable(directory, null);
    }
    Optional<Path> last = source.logFiles().stream().reduce((a, b) -> b).map(LogFile::path);
    if (last.isPresent()) {
      try {
        FileChannel.open(last.get(), StandardOpenOption.WRITE).close();
      } catch (NoSuchFileException e) {
        LOG.debug("gone", e);
      } catch (FileSystemException e) {
        throw unwritable(last.get(), e);
      }
    }
  }

  private static RefusedException unwritable(Path place, FileSystemException cause) {
    return new RefusedException(
        Reason.NO_ACCESS,
        FileNames.shown(place) + ": libdb may have to write there for us, and this process may not",
        "run as a user who may write the log, or read the source's files only: --passive",
        cause);
  }
}
