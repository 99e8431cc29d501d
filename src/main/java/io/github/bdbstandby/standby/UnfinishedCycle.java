package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/**
 * The mark that a cycle or a failover is changing files of the standby, so that they are not as its
 * manifest says: what is cut off there recovers, and only the next manifest can tell it from
 * damage.
 */
final class UnfinishedCycle {
  /** No cycle: a standby that was whole has been recovered once more. */
  private static final String RECOVERED = "recovered";

  /** The same, as long as that is not over. */
  private static final String RECOVERING = "recovering";

  private final StandbyDirectory standby;

  UnfinishedCycle(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Before the first change; what one that was cut off has noted still holds. */
  void begin() throws IOException {
    if (isNoCycle()) {
      write("");
    }
  }

  /**
   * The manifest with what one that was cut off had come to: its recovery had paused there, and
   * what it had done until then can't be done again.
   */
  Manifest asReached(Manifest manifest) throws IOException {
    try {
      String text = text();
      if (text.isEmpty() || text.equals(RECOVERED) || text.equals(RECOVERING)) {
        return manifest;
      }
      Lsn reached = Lsn.parse(text);
      return reached.compareTo(manifest.recoveredTo().lsn()) > 0
          ? manifest.with(reached)
          : manifest;
    } catch (NoSuchFileException e) {
      return manifest;
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Reason.NOT_A_STANDBY,
          FileNames.shown(standby.unfinished()) + ": damaged: " + e.getMessage(),
          "take a new snapshot",
          e);
    }
  }

  /** Before the recovery of a standby without more, where no cycle was cut off. */
  void recovering() throws IOException {
    write(RECOVERING);
  }

  /** When that is over: the standby's log ends with it. */
  void recovered() throws IOException {
    write(RECOVERED);
  }

  /** Whether it is no more than that. */
  boolean isRecovered() throws IOException {
    return stands() && text().equals(RECOVERED);
  }

  /** Whether no cycle was cut off, but at the most such a recovery. */
  boolean isNoCycle() throws IOException {
    return !stands() || isRecovered() || text().equals(RECOVERING);
  }

  private String text() throws IOException {
    return Files.readString(standby.unfinished(), StandardCharsets.ISO_8859_1);
  }

  private void write(String text) throws IOException {
    DurableFiles.write(standby.unfinished(), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** When a manifest is written that knows all. */
  void end() throws IOException {
    DurableFiles.delete(standby.unfinished());
  }

  /**
   * Where the log that lies in the standby ends, for a recovery without more: zero for where that
   * log itself does, since what was cut off may have let in more than the manifest says.
   */
  Lsn endOfLog(Manifest manifest) {
    return stands() ? Lsn.ZERO : manifest.recoveredTo().lsn();
  }

  /** Whether one was cut off. */
  boolean stands() {
    return Files.exists(standby.unfinished());
  }
}
