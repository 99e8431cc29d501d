package io.github.bdbstandby.standby;

/**
 * The standby can't be brought forward; it was not touched and still recovers to where it was. A
 * new snapshot is needed.
 */
public final class SnapshotNeededException extends StandbyException {
  private static final long serialVersionUID = 1L;
  static final String HINT = "take a new snapshot; the standby stays good until that is whole";

  /** Of nobody else's making, with the usual hint. */
  public SnapshotNeededException(Reason reason, String message) {
    super(reason, message, HINT, null);
  }

  /**
   * The same with another hint than the usual one, and with what it came from, which may be null.
   */
  SnapshotNeededException(Reason reason, String message, String hint, Throwable cause) {
    super(reason, message, hint, cause);
  }

  /** The same with what it came from. */
  public SnapshotNeededException(Reason reason, String message, Throwable cause) {
    super(reason, message, HINT, cause);
  }
}
