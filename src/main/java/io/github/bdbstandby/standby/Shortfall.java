package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a salvage can't have: refused, or accepted and told. */
final class Shortfall {
  private final LossGuard guard;
  private final Consumer<String> notes;

  Shortfall(LossGuard guard, Consumer<String> notes) {
    this.guard = guard;
    this.notes = notes;
  }

  /** Whether there is any, so far. */
  boolean isAccepted() {
    return !guard.losses().isEmpty();
  }

  /**
   * The source's log does not continue the standby's.
   *
   * @param some whether a part of it does
   */
  void broken(boolean some, IncomingLogs.Break broken, List<LogFile> atSource) throws IOException {
    boolean isLoss = guard.brokenOff(broken, atSource);
    notes.accept(
        isLoss
            ? last(some)
            : broken.message() + "; nothing salvaged: the source has no more than the standby");
  }

  /**
   * Log that a recovery needs is missing, and what follows can't be had.
   *
   * @param end of what can
   */
  void gap(String message, Lsn end, List<LogFile> atSource) throws IOException {
    IncomingLogs.Break gap =
        new IncomingLogs.Break(Reason.LOG_GAP, message, Optional.of(end), false);
    broken(true, gap, atSource);
  }

  /**
   * A file of the source's can't be read.
   *
   * @param some whether anything before it can
   * @param end of that; empty for what was shipped
   */
  void unreadable(boolean some, String why, Optional<Lsn> end) {
    guard.unreadable(why, end);
    notes.accept(last(some));
  }

  /** What was shipped can't be used, and can't be had again. */
  void spoilt(String message) {
    guard.incomplete(Reason.LOG_GAP, message);
    notes.accept(message);
  }

  /** The same from a place on; where a gap was told from there on, it is that same one. */
  void spoilt(String message, Lsn from) {
    boolean isTold =
        guard.losses().stream()
            .anyMatch(loss -> loss.reason() == Reason.LOG_GAP && loss.from().equals(from));
    if (!isTold) {
      guard.incomplete(Reason.LOG_GAP, message, from);
    }
    notes.accept(message);
  }

  private String last(boolean some) {
    return (some ? "not all salvaged: " : "nothing salvaged: ")
        + guard.losses().get(guard.losses().size() - 1);
  }
}
