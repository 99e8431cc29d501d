package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for the right to do what libdb does in whoever holds bulk loading back: where a {@code
 * DB_TXN_BULK} transaction is open, it makes a checkpoint at once. Where it may not write the log
 * it panics, and with it the application.
 */
final class AccessGuard {
  private AccessGuard() {}

  /**
   * Asks for it.
   *
   * @throws RefusedException {@code no-access} if there is none
   */
  static void askForCheckpoint(Source source) throws IOException {
    if (source.opened().isEmpty() || source.sharing() == Sharing.NOBODY) {
      return;
    }
    List<Path> written = new ArrayList<>(List.of(source.logDirectory()));
    source.logFiles().stream().reduce((a, b) -> b).ifPresent(last -> written.add(last.path()));
    for (Path each : written) {
      if (!Files.isWritable(each) && Files.exists(each)) {
        throw new RefusedException(
            Reason.NO_ACCESS,
            each + ": libdb may have to write there for us, and this process may not",
            "run as a user who may write the log, or read the source's files only: --passive");
      }
    }
  }
}
