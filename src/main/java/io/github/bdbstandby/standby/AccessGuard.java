package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What this process may not read or write at a source is told before anything is changed. */
final class AccessGuard {
  private static final String AS_READER = "run as a user who may read all of the environment";

  private AccessGuard() {}

  /**
   * Looks at a source, with nothing changed yet.
   *
   * @throws RefusedException {@code no-access}, naming the file, if it may not be read
   */
  static <T> T reading(Standby.Guarded<T> look) throws IOException {
    try {
      return look.run();
    } catch (AccessDeniedException e) {
      throw unreadable(e.getFile(), e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof AccessDeniedException denied) {
        throw unreadable(denied.getFile(), denied);
      }
      throw e;
    }
  }

  /** Asks for the right to read these; what is gone may be passed over. */
  static void askForReading(Stream<Path> files) {
    files
        .filter(file -> !Files.isReadable(file) && Files.exists(file))
        .findFirst()
        .ifPresent(
            file -> {
              throw unreadable(file.toString(), null);
            });
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
    List<Path> written = new ArrayList<>(List.of(source.logDirectory()));
    source.logFiles().stream().reduce((a, b) -> b).map(LogFile::path).ifPresent(written::add);
    for (Path each : written) {
      if (!Files.isWritable(each) && Files.exists(each)) {
        throw new RefusedException(
            Reason.NO_ACCESS,
            FileNames.shown(each)
                + ": libdb may have to write there for us, and this process may not",
            "run as a user who may write the log, or read the source's files only: --passive");
      }
    }
  }
}
