package io.github.bdbstandby.standby;

/**
 * The standby can't be brought forward; it was not touched and still recovers to where it was. A
 * new snapshot is needed.
 */
public final class SnapshotNeededException extends StandbyException {
  private static final long serialVersionUID = 1L;
  static final String HINT = "take a new snapshot; the standby stays good until that is whole";

  /** Of nobody else's making; the hint is always the same. */
  public SnapshotNeededException(Reason reason, String message) {
    super(reason, message, HINT, null);
  }

  /** The same with what it came from. */
  public SnapshotNeededException(Reason reason, String message, Throwable cause) {
    super(reason, message, HINT, cause);
  }
}
